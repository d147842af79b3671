//! Endpoints: one operation as a value, sent by a transport or carried by any other HTTP stack.

use bytes::Bytes;

use crate::call::{Call, ResponseFuture};
use crate::error::Result;
use crate::operation::Operation;
use crate::response::{CallError, FromResponse, carried};
use crate::transport::http::HttpTransport;

/// A request as a struct: `#[derive(Endpoint)]` with a verb attribute makes one.
///
/// [`HttpTransport::request`] sends it, with everything that a method of a generated client has.
/// [`to_request`](Self::to_request) and [`decode`](Self::decode) do the same work without sending, so that any HTTP stack
/// can carry it.
///
/// ```
/// use pynector::{Endpoint, bytes::Bytes, http};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize)]
/// struct NewOrder { item: String }
/// #[derive(Deserialize)]
/// struct Order { id: u64 }
///
/// #[derive(Endpoint)]
/// #[post("/v1/{tenant}/orders", response = Order)]
/// struct PlaceOrder<'a> {
///     tenant: &'a str,
///     #[query]
///     dry_run: Option<bool>,
///     #[json]
///     order: &'a NewOrder,
/// }
///
/// let order = NewOrder { item: "tea".to_owned() };
/// let place = PlaceOrder { tenant: "t1", dry_run: Some(true), order: &order };
/// let request = place.to_request("https://api.example.com")?;
/// assert_eq!(request.uri(), "https://api.example.com/v1/t1/orders?dry_run=true");
/// assert_eq!(request.body(), r#"{"item":"tea"}"#);
///
/// // .. carried by whatever you have ..
/// let response = http::Response::new(Bytes::from(r#"{"id":7}"#));
/// assert_eq!(PlaceOrder::decode(response)?.id, 7);
/// # Ok::<(), pynector::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no endpoint",
    label = "does not derive `pynector::Endpoint`",
    note = "write `#[derive(pynector::Endpoint)]` and a verb such as `#[get(\"/path\")]` above the struct"
)]
pub trait Endpoint {
    /// What is sent, before any value is bound.
    const OPERATION: &'static Operation;

    /// What a success is decoded to.
    type Response: FromResponse;

    /// What a failure is told by.
    type Error: CallError;

    /// Binds the fields to a call of [`OPERATION`](Self::OPERATION).
    fn bind(&self, call: Call) -> Call;

    /// The request for the server at `base`, with every header that a transport without settings of its own would send;
    /// one with settings has [`HttpTransport::to_request`].
    ///
    /// What frames the request is left to whoever carries it: `host`, and `content-length` where there is a body.
    ///
    /// # Errors
    ///
    /// Kind [`Config`](crate::ErrorKind::Config) if `base` is no base URL; [`Request`](crate::ErrorKind::Request) or
    /// [`Serialize`](crate::ErrorKind::Serialize) if a value does not fit its place.
    fn to_request(&self, base: impl AsRef<str>) -> Result<http::Request<Bytes>>
    where
        Self: Sized,
    {
        HttpTransport::unconnected(base.as_ref())?.to_request(async |transport| transport.request(self).await)
    }

    /// What a transport makes of such a response: the decoded value for a status from 200 to 299, else a status error.
    ///
    /// A body that is still compressed, as its `content-encoding` says, is decompressed; whoever decompresses it before
    /// takes that header off. It is never more than `max_body`, 64 MiB. A type that streams gives a stream of the bytes
    /// that are there. The URL of the response is not known, so [`Response::url`](crate::Response::url) is `/`.
    ///
    /// # Errors
    ///
    /// Those of a call that come after its response: kinds [`Status`](crate::ErrorKind::Status),
    /// [`Deserialize`](crate::ErrorKind::Deserialize), [`BodyTooLarge`](crate::ErrorKind::BodyTooLarge).
    fn decode(response: http::Response<Bytes>) -> Result<Self::Response, Self::Error> {
        Ok(carried::decode(Self::OPERATION, response)?)
    }
}

impl HttpTransport {
    /// Sends `endpoint`, whose values are bound now, and decodes the answer.
    ///
    /// ```no_run
    /// use pynector::{Endpoint, HttpTransport, Result};
    ///
    /// #[derive(Endpoint)]
    /// #[get("/users/{id}/name", response = String)]
    /// struct UserName {
    ///     id: u64,
    /// }
    ///
    /// # async fn run() -> Result<()> {
    /// let transport = HttpTransport::builder("https://api.example.com").build()?;
    /// let name = transport.request(&UserName { id: 7 }).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Call::send`], as the endpoint's error type tells them.
    pub fn request<E: Endpoint>(&self, endpoint: &E) -> ResponseFuture<Result<E::Response, E::Error>> {
        endpoint.bind(self.call(E::OPERATION)).outcome()
    }
}
