//! The kinds of failure, and the predicates over them.

use super::Error;

/// What kind of failure an [`Error`] is.
///
/// The kinds are chosen by what a caller can do about them. The predicates of [`Error`] group them:
///
/// | kind | connection | timeout | message | status |
/// | --- | --- | --- | --- | --- |
/// | `Config` | | | | |
/// | `Request` | | | | |
/// | `Serialize` | | | ✓ | |
/// | `RequestBody` | | | ✓ | |
/// | `Credentials` | | | | |
/// | `NotConnected` | ✓ | | | |
/// | `Dns` | ✓ | | | |
/// | `Refused` | ✓ | | | |
/// | `Tls` | ✓ | | | |
/// | `Proxy` | ✓ | | | |
/// | `ConnectTimeout` | ✓ | ✓ | | |
/// | `Connect` | ✓ | | | |
/// | `Timeout` | ✓ | ✓ | | |
/// | `Interrupted` | ✓ | | | |
/// | `Protocol` | ✓ | | | |
/// | `Status` | | | | ✓ |
/// | `Redirect` | | | | |
/// | `BodyTooLarge` | | | | |
/// | `Deserialize` | | | ✓ | |
/// | `CircuitOpen` | | | | |
/// | `RateLimited` | | | | |
/// | `QueueFull` | | | | |
/// | `Deadline` | ✓ | ✓ | | |
/// | `Canceled` | | | | |
/// | `File` | | | | |
/// | `Changed` | | | | |
/// | `Checksum` | | | ✓ | |
///
/// # For readers of the specification
///
/// The errors of httpx, which the specification speaks of, and what they are here:
///
/// | httpx | kind | what tells it apart |
/// | --- | --- | --- |
/// | `httpx.ConnectError` | `Dns`, `Refused`, `Tls`, `Connect` | the kind says why |
/// | `httpx.ConnectTimeout` | `ConnectTimeout` | `clock()` is [`Clock::Connect`](crate::Clock::Connect) |
/// | `httpx.ReadTimeout` | `Timeout` | `clock()` is [`Clock::Read`](crate::Clock::Read); `Clock::Attempt` for a whole attempt, which httpx does not time |
/// | `httpx.WriteTimeout` | `Timeout` | `clock()` is [`Clock::Write`](crate::Clock::Write) |
/// | `httpx.PoolTimeout` | none | nobody waits for a place in the pool, which has no limit |
/// | `httpx.ReadError` | `Interrupted` | `status()` answers if the head had come |
/// | `httpx.WriteError` | `Interrupted` | nothing: after a failed write httpx too goes on to read, since an answer may be there |
/// | `httpx.RemoteProtocolError` | `Protocol` | a connection that ends before the answer does is `Interrupted` |
/// | `httpx.LocalProtocolError` | `Request` | `was_sent()` is false; for a setting `Config`, when the client is built |
/// | `httpx.UnsupportedProtocol` | `Request` | in a base URL `Config`, in a redirect `Redirect` |
/// | `httpx.ProxyError` | `Proxy` | a proxy that is not there is what a server would be: `Refused`, `Dns`, .. |
/// | `httpx.DecodingError` | `Deserialize` | `status()` and `headers()` answer |
/// | `httpx.TooManyRedirects` | `Redirect` | the message; refused targets have this kind too |
/// | `httpx.InvalidURL` | `Request` | in a base URL `Config`, in a redirect `Redirect` |
/// | `httpx.HTTPStatusError` | `Status` | the status; one below 400 is a response of the session API |
///
/// What stands there as a chain of `except` is one `match` here:
///
/// ```
/// use pynector::{Error, ErrorKind, HttpMessage, HttpTransport, Result};
///
/// async fn send_with_error_handling(transport: &HttpTransport, message: &HttpMessage) -> Result<()> {
///     let sent = transport.scope(async |transport| {
///         transport.send(message).await?;
///         while let Some(response) = transport.receive::<HttpMessage>().next().await {
///             println!("{:?}", response?.body());
///         }
///         Ok::<_, Error>(())
///     });
///     let Err(error) = sent.await else { return Ok(()) };
///     match error.kind() {
///         ErrorKind::Status(404) => println!("Resource not found: {error}"),
///         ErrorKind::Status(500..) => println!("Server error: {error}"),
///         _ if error.is_connection() => println!("Connection error: {error}"),
///         _ => return Err(error),
///     }
///     Ok(())
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A setting breaks a rule; found when the client was built, or before anything was sent.
    Config,
    /// An argument does not fit its place in the request. Nothing was sent.
    Request,
    /// The request body could not be serialised. Nothing was sent.
    Serialize,
    /// The source of a streamed request body failed, or ended before the length that was announced. The server may have got
    /// a part of it.
    RequestBody,
    /// The client's [credentials](crate::Credentials) could not be had.
    Credentials,
    /// The transport was disconnected. Nothing was sent.
    NotConnected,
    /// The host name did not resolve. Nothing was sent.
    Dns,
    /// The host refused the connection. Nothing was sent.
    Refused,
    /// The TLS handshake failed, for example since the certificate is not trusted. Nothing was sent.
    Tls,
    /// The proxy was reached and would not open a tunnel to the host, or wants other credentials. Nothing was sent.
    Proxy,
    /// No connection was made within the `connect` clock. Nothing was sent.
    ConnectTimeout,
    /// No connection was made for another reason. Nothing was sent.
    Connect,
    /// The `attempt`, `write` or `read` clock ran out; see [`Error::clock`].
    Timeout,
    /// The connection broke before the whole response had come.
    Interrupted,
    /// The peer does not speak HTTP as it should.
    Protocol,
    /// The response has a status that is not a success.
    Status(u16),
    /// A redirect could not be followed: too many, a loop, a refused target, a body that cannot be sent again.
    Redirect,
    /// The response body is larger than `max_body` allows.
    BodyTooLarge,
    /// The response came, but is not what the return type promises.
    Deserialize,
    /// The circuit breaker of the host refused the call; see [`Error::retry_in`]. Nothing was sent.
    CircuitOpen,
    /// The client's own rate limit has no room before the deadline; see [`Error::retry_in`]. Nothing was sent.
    RateLimited,
    /// Too many attempts are in flight and wait to be, or too many responses wait to be received. Nothing was sent.
    QueueFull,
    /// The `deadline` of the whole call passed.
    Deadline,
    /// The call was given up before it began, since another one failed. Nothing was sent.
    Canceled,
    /// A local file could not be written, read or put in its place. The server has no part in it, and the breaker does not
    /// hear of it.
    File,
    /// What was being downloaded is another one by now, so the rest of it does not fit what is here.
    Changed,
    /// The body came whole, but is not the one that its checksum is of; or there is no checksum where one was asked for.
    Checksum,
}

impl Error {
    /// No whole response came: not connected, connecting failed, the connection broke, or a clock ran out.
    pub fn is_connection(&self) -> bool {
        use ErrorKind::{Connect, Dns, Interrupted, NotConnected, Protocol, Proxy, Refused, Tls};
        self.is_timeout()
            || matches!(
                self.kind(),
                NotConnected | Dns | Refused | Tls | Proxy | Connect | Interrupted | Protocol
            )
    }

    /// The `connect` clock ran out.
    pub fn is_connect_timeout(&self) -> bool {
        self.kind() == ErrorKind::ConnectTimeout
    }

    /// The host refused the connection.
    pub fn is_refused(&self) -> bool {
        self.kind() == ErrorKind::Refused
    }

    /// One of the five clocks ran out; [`Error::clock`] says which.
    pub fn is_timeout(&self) -> bool {
        matches!(self.kind(), ErrorKind::ConnectTimeout | ErrorKind::Timeout | ErrorKind::Deadline)
    }

    /// A body could not be serialised, did not come whole from its source, did not decode, or has another checksum.
    pub fn is_message(&self) -> bool {
        matches!(
            self.kind(),
            ErrorKind::Serialize | ErrorKind::RequestBody | ErrorKind::Deserialize | ErrorKind::Checksum
        )
    }

    /// The response has a status that is not a success.
    pub fn is_status(&self) -> bool {
        matches!(self.kind(), ErrorKind::Status(_))
    }

    /// The status is 400–499.
    pub fn is_client_error(&self) -> bool {
        matches!(self.kind(), ErrorKind::Status(400..=499))
    }

    /// The status is 500–599.
    pub fn is_server_error(&self) -> bool {
        matches!(self.kind(), ErrorKind::Status(500..=599))
    }

    /// The status is 401.
    pub fn is_unauthorized(&self) -> bool {
        self.kind() == ErrorKind::Status(401)
    }

    /// The status is 403.
    pub fn is_forbidden(&self) -> bool {
        self.kind() == ErrorKind::Status(403)
    }

    /// The status is 404.
    pub fn is_not_found(&self) -> bool {
        self.kind() == ErrorKind::Status(404)
    }

    /// The status is 408: the server gave up waiting for the request.
    pub fn is_request_timeout(&self) -> bool {
        self.kind() == ErrorKind::Status(408)
    }

    /// The status is 429.
    pub fn is_too_many_requests(&self) -> bool {
        self.kind() == ErrorKind::Status(429)
    }

    /// The client's own rate limit refused the call; a server that does so says 429.
    pub fn is_rate_limited(&self) -> bool {
        self.kind() == ErrorKind::RateLimited
    }

    /// The circuit breaker refused the call.
    pub fn is_circuit_open(&self) -> bool {
        self.kind() == ErrorKind::CircuitOpen
    }
}
