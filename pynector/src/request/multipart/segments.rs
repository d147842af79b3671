//! A form as a row of pieces, each of which is here or is still to come.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, TryStreamExt as _, stream};
use http_body::Body as _;
use http_body_util::BodyExt as _;

use crate::request::body::{Body, BodySourceError};

/// What stands between streams, and the streams with the names of their parts.
#[derive(Default)]
pub(super) struct Segments {
    done: Vec<(Option<Arc<str>>, Body)>,
    text: Vec<u8>,
}

impl Segments {
    pub(super) fn text(&mut self, text: &str) {
        self.text.extend_from_slice(text.as_bytes());
    }

    pub(super) fn content(&mut self, name: String, content: Body) {
        if let Some(bytes) = content.peek() {
            self.text.extend_from_slice(bytes);
        } else {
            self.flush();
            self.done.push((Some(name.into()), content));
        }
    }

    fn flush(&mut self) {
        let text = Bytes::from(std::mem::take(&mut self.text));
        self.done.push((None, Body::bytes(text)));
    }

    pub(super) fn into_body(mut self) -> Body {
        if self.done.is_empty() {
            return Body::bytes(self.text);
        }
        self.flush();
        let segments = self.done;
        let mut sizes = segments.iter().map(|(_, body)| body.size_hint().exact());
        let length = sizes.try_fold(0_u64, |sum, size| sum.checked_add(size?));
        let once = segments.iter().any(|(_, body)| body.is_one_shot());
        let body =
            if once { Body::stream(read(segments)) } else { Body::from_fn(move || read(segments.clone())) };
        match length {
            Some(length) => body.length(length),
            None => body,
        }
    }
}

/// One reading of all of them.
fn read(segments: Vec<(Option<Arc<str>>, Body)>) -> impl Stream<Item = Result<Bytes, PartError>> {
    stream::iter(segments).flat_map(|(name, body)| {
        body.into_data_stream().map_err(move |error| PartError { name: name.clone(), error })
    })
}

/// Which part failed.
#[derive(Debug)]
struct PartError {
    name: Option<Arc<str>>,
    error: BodySourceError,
}

impl fmt::Display for PartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name.as_deref().unwrap_or_default();
        match self.error.source() {
            Some(cause) => write!(f, "the part `{name}`: {cause}"),
            None => write!(f, "the part `{name}`: {}", self.error),
        }
    }
}

impl StdError for PartError {}
