//! Basic usage, as in §7.1 of the specification: a transport, messages that are sent, and responses that are received.
//!
//! ```text
//! cargo run --example spec_basic    exit code 0 if everything came as it must
//! ```

use axum::Router;
use axum::extract::Query;
use axum::http::HeaderMap;
use axum::response::Json;
use axum::routing::get;
use pynector::{Content, HttpMessage, HttpTransport, Keep, Result};
use serde_json::{Value, json};

/// Shows what it was sent.
async fn echo(Query(params): Query<Value>, headers: HeaderMap) -> Json<Value> {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
    Json(json!({ "params": params, "accept": header("accept"), "trace": header("x-trace") }))
}

/// Makes a note of a JSON body.
async fn note(Json(note): Json<Value>) -> Json<Value> {
    Json(json!({ "noted": note }))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = pynector_examples::serve(Router::new().route("/api/data", get(echo).post(note))).await?;

    // A message is a request as data. A path is appended to the base URL.
    let question = HttpMessage::new()
        .method("GET")
        .url("/api/data")
        .header("accept", "application/json")
        .header("x-trace", 42) // numbers and booleans become text
        .param("page", 2);

    // `scope` connects, runs the block, and disconnects however the block ends.
    let transport = HttpTransport::builder(&url).build()?;
    transport
        .scope(async |transport| {
            transport.send(&question).await?;
            let mut responses = transport.receive();
            while let Some(response) = responses.next().await {
                let response: HttpMessage = response?;
                println!("scope: {:?} {:?}", response.status(), response.body());
                let expected =
                    json!({ "params": { "page": "2" }, "accept": "application/json", "trace": "42" });
                assert_eq!(response.body(), &Content::Json(expected));
            }
            Ok::<_, pynector::Error>(())
        })
        .await?;

    // The same by hand, for a connection that outlives a block.
    transport.connect().await?;
    let note = HttpMessage::new().method("POST").url("/api/data").json(json!({ "milk": 2 }));
    transport.send(&question).await?;
    transport.send(&note).await?;

    // Responses come in the order of the sends, and end when no send is in flight.
    let mut received = Vec::new();
    let mut responses = transport.receive::<HttpMessage>();
    while let Some(response) = responses.next().await {
        let response = response?;
        println!("by hand: {:?} {:?}", response.response_url(), response.body());
        received.push(response.body().clone());
    }
    assert_eq!(received.len(), 2);
    assert_eq!(received.last(), Some(&Content::Json(json!({ "noted": { "milk": 2 } }))));

    // After a disconnect nothing is sent until somebody connects again.
    transport.disconnect().await;
    let refused = transport.send(&question).await.err().ok_or("sent without a connection")?;
    println!("disconnected: {refused}");
    assert!(refused.is_connection() && !refused.was_sent());

    // The specification keeps the last response alone; so can we.
    let latest = HttpTransport::builder(&url).responses(Keep::Latest).build()?;
    latest.connect().await?;
    for page in 1..=3 {
        latest.send(&HttpMessage::new().url("/api/data").param("page", page)).await?;
    }
    let mut responses = latest.receive::<HttpMessage>();
    let last = responses.next().await.ok_or("no response")??;
    let page = json!({ "params": { "page": "3" }, "accept": "*/*", "trace": null });
    assert_eq!(last.body(), &Content::Json(page));
    assert!(responses.next().await.is_none());
    println!("the last of three: {:?}", last.body());
    Ok(())
}
