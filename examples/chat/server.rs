//! A server that answers as a language model would, word by word, and knows what was said before.

use std::convert::Infallible;
use std::time::Duration;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use futures_util::stream;
use serde::Deserialize;
use serde_json::json;

use crate::api::{Message, Role};

/// The key that it wants.
pub(crate) const KEY: &str = "tea-for-two";

/// How long it thinks about a word.
const PAUSE: Duration = Duration::from_millis(15);

#[derive(Deserialize)]
struct Asked {
    model: String,
    messages: Vec<Message>,
    stream: bool,
}

/// Starts it, and says where it is.
pub(crate) async fn start() -> std::io::Result<String> {
    pynector_examples::serve(axum::Router::new().route("/v1/chat/completions", post(complete)))
        .await
        .map(|url| url + "/v1")
}

async fn complete(headers: HeaderMap, Json(asked): Json<Asked>) -> Response {
    let refused =
        |status, message| (status, Json(json!({ "error": { "message": message } }))).into_response();
    let key = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if key.and_then(|value| value.strip_prefix("Bearer ")) != Some(KEY) {
        return refused(StatusCode::UNAUTHORIZED, "this key opens nothing");
    }
    if !asked.stream {
        return refused(StatusCode::BAD_REQUEST, "only streams are served here");
    }
    let events = events(&asked.model, &answer(&asked.messages));
    let paced = stream::unfold(events.into_iter(), |mut events| async move {
        let event = events.next()?;
        pause().await;
        Some((Ok::<_, Infallible>(Bytes::from(event)), events))
    });
    ([(header::CONTENT_TYPE, "text/event-stream")], Body::from_stream(paced)).into_response()
}

#[expect(clippy::disallowed_methods, reason = "a server has a clock of its own")]
async fn pause() {
    tokio::time::sleep(PAUSE).await;
}

/// What it says to a conversation.
pub(crate) fn answer(messages: &[Message]) -> String {
    let said = |role| messages.iter().filter(move |message| message.role == role);
    let Some(last) = said(Role::User).next_back() else { return "You have not said anything.".to_owned() };
    let turn = said(Role::User).count();
    if last.content.contains("count") {
        return (1..=500).map(|number| number.to_string()).collect::<Vec<_>>().join(" ");
    }
    let before = match said(Role::User).nth_back(1) {
        Some(before) => format!(" Before that it was \u{201c}{}\u{201d}.", before.content),
        None => String::new(),
    };
    format!(
        "You said \u{201c}{}\u{201d}, which is question {turn}.{before}\nI am a small server \u{1f375} and know no more.",
        last.content
    )
}

/// The answer as events: a comment, the role, one event a word, the reason for the end, and the terminator.
fn events(model: &str, answer: &str) -> Vec<String> {
    let chunk = |delta: serde_json::Value, reason: Option<&str>| {
        let choice = json!({ "index": 0, "delta": delta, "finish_reason": reason });
        format!(
            "data: {}\n\n",
            json!({ "object": "chat.completion.chunk", "model": model, "choices": [choice] })
        )
    };
    let mut events = vec![": thinking\n\n".to_owned(), chunk(json!({ "role": "assistant" }), None)];
    events.extend(answer.split_inclusive(' ').map(|word| chunk(json!({ "content": word }), None)));
    events.push(chunk(json!({}), Some("stop")));
    events.push("data: [DONE]\n\n".to_owned());
    events
}
