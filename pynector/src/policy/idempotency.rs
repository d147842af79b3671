//! The parameters of an idempotency key: the header that tells a server which requests are one and the same.

/// A key that each call of an operation is sent with, the same on every attempt (IDM-3 to IDM-5).
///
/// With it a server can tell a repeated request from a new one, so that any method may be retried. A header of this name that
/// the call is given is the key; otherwise the client makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    pub(crate) header: &'static str,
    pub(crate) raw: bool,
}

impl IdempotencyKey {
    /// In the header `idempotency-key`, as a quoted string
    /// ([RFC 8941](https://www.rfc-editor.org/rfc/rfc8941#section-3.3.3)).
    pub const fn new() -> Self {
        Self::header("idempotency-key")
    }

    /// In the header `name`.
    pub const fn header(name: &'static str) -> Self {
        Self { header: name, raw: false }
    }

    /// Without quotes, as some APIs want it.
    pub const fn raw(mut self) -> Self {
        self.raw = true;
        self
    }
}

impl Default for IdempotencyKey {
    fn default() -> Self {
        Self::new()
    }
}
