//! Answers in a format that their type names.

use std::ops::Deref;
use std::task::{Context, Poll};

use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::receive::{self, Arriving, Making};
use super::{FromResponse, Incoming, Outcome, ResponseHead, decode};
use crate::codec::{Codec, Coded};
use crate::error::Result;

impl<C: Codec, T: DeserializeOwned> FromResponse for Coded<C, T> {
    const BUFFERED: bool = true;

    fn accept() -> &'static str {
        C::ACCEPT
    }

    fn from_response(response: Incoming) -> impl Future<Output = Result<Self>> + Send + 'static {
        async move {
            let (head, body) = response.into_parts().await?;
            decode::coded::<C, T>(&head, &body).map(Self::new)
        }
    }

    fn receive<R: Outcome<Value = Self>>(
        arriving: &mut impl Arriving,
        _: &mut Option<Making<R>>,
        cx: &mut Context<'_>,
    ) -> Poll<R> {
        let make = |head: &ResponseHead, body: Option<&Bytes>| {
            decode::coded::<C, T>(head, body.unwrap_or(&Bytes::new())).map(Self::new)
        };
        receive::made(arriving, cx, make)
    }
}

/// The text of a body, as a `String` is, and asked for as text: `accept: text/plain, */*;q=0.5`.
///
/// ```no_run
/// use pynector::{Result, Text};
///
/// #[pynector::api(base_url = "https://api.example.com")]
/// trait Licences {
///     /// Of a server that answers with JSON to who does not ask for text.
///     #[get("/licences/{name}")]
///     async fn licence(&self, name: &str) -> Result<Text>;
/// }
///
/// # async fn run() -> Result<()> {
/// println!("{}", LicencesClient::new()?.licence("mit").await?.trim());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text(pub String);

impl Deref for Text {
    type Target = String;

    fn deref(&self) -> &String {
        &self.0
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.0
    }
}

impl FromResponse for Text {
    const BUFFERED: bool = true;

    fn accept() -> &'static str {
        "text/plain, */*;q=0.5"
    }

    async fn from_response(response: Incoming) -> Result<Self> {
        let (head, body) = response.into_parts().await?;
        decode::decode(&head, &body).map(Self)
    }
}
