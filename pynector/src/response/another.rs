//! A body of another type than the one that was promised, whose beginning most often says what went wrong.

use std::pin::pin;
use std::time::Duration;

use super::stream::ByteStream;
use super::text::{content_type, excerpt};
use crate::clock;
use crate::error::{Error, ErrorKind, ErrorResponse};

/// So many bytes of it are kept.
const KEPT: usize = 200;

/// So long they are waited for (BOD-5).
const PATIENCE: Duration = Duration::from_secs(1);

/// The error of a body that is not `promised`, a media type; its connection is closed.
pub(super) async fn refuse(mut body: ByteStream, promised: &str) -> Error {
    let mut kept = Vec::new();
    let limit = clock::after(clock::now(), PATIENCE);
    let reading = async {
        while kept.len() < KEPT {
            let Some(Ok(piece)) = body.next().await else { break };
            kept.extend_from_slice(&piece);
        }
    };
    let _ = clock::until(limit, pin!(reading)).await;
    kept.truncate(KEPT);
    let head = body.head().clone();
    drop(body);
    let media = content_type(&head.headers);
    let what = if media.is_empty() { "has no content type".to_owned() } else { format!("is {media}") };
    let why = format!("{}, but the body {what}, not {promised}; it reads {}", head.status, excerpt(&kept, 0));
    let response = ErrorResponse { status: head.status, headers: head.headers, body: kept.into() };
    Error::new(ErrorKind::Deserialize, why).with_response(response)
}
