//! A response that is to be an event stream: whether it is one.

use std::time::Duration;

use http::StatusCode;

use crate::clock;
use crate::error::{Error, ErrorKind, ErrorResponse, Result};
use crate::response::stream::ByteStream;
use crate::response::text::{content_type, excerpt};
use crate::response::{FromResponse, Incoming};

/// The media type of event streams.
pub(super) const MEDIA_TYPE: &str = "text/event-stream";

/// So many bytes of another body are kept.
const KEPT: usize = 200;

/// So long they are waited for (BOD-5).
const PATIENCE: Duration = Duration::from_secs(1);

/// The body of a response with event streams in it, or with nothing (204).
pub(super) struct Opened(pub(super) ByteStream);

impl Opened {
    /// Whether the server says that there is nothing more to come.
    pub(super) fn is_over(&self) -> bool {
        self.0.status() == StatusCode::NO_CONTENT
    }
}

impl FromResponse for Opened {
    const BUFFERED: bool = false;

    fn accept() -> &'static str {
        MEDIA_TYPE
    }

    async fn from_response(response: Incoming) -> Result<Self> {
        let opened = Self(response.into_stream());
        let media = content_type(opened.0.headers());
        let essence = media.split(';').next().unwrap_or_default().trim();
        if opened.is_over() || essence.eq_ignore_ascii_case(MEDIA_TYPE) {
            return Ok(opened);
        }
        Err(other(opened.0).await)
    }
}

/// Something else came, whose beginning most often says what.
async fn other(mut body: ByteStream) -> Error {
    let mut kept = Vec::new();
    let limit = clock::after(clock::now(), PATIENCE);
    let _ = clock::until(limit, async {
        while kept.len() < KEPT {
            let Some(Ok(piece)) = body.next().await else { break };
            kept.extend_from_slice(&piece);
        }
    })
    .await;
    kept.truncate(KEPT);
    let head = body.head().clone();
    drop(body);
    let media = content_type(&head.headers);
    let what = if media.is_empty() { "has no content type".to_owned() } else { format!("is {media}") };
    let why =
        format!("{}, but the body {what}, not {MEDIA_TYPE}; it reads {}", head.status, excerpt(&kept, 0));
    let response = ErrorResponse { status: head.status, headers: head.headers, body: kept.into() };
    Error::new(ErrorKind::Deserialize, why).with_response(response)
}
