//! A response that is to be an event stream: whether it is one.

use http::StatusCode;

use crate::error::Result;
use crate::response::another::refuse;
use crate::response::stream::ByteStream;
use crate::response::text::content_type;
use crate::response::{FromResponse, Incoming};

/// The media type of event streams.
pub(super) const MEDIA_TYPE: &str = "text/event-stream";

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
        Err(refuse(opened.0, MEDIA_TYPE).await)
    }
}
