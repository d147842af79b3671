//! A certificate that a program trusts beside those of the system.

use std::fmt;

use bytes::Bytes;

/// A certificate authority, or a self-signed server certificate, to trust.
///
/// The bytes are read when the client is built; see
/// [`add_root_certificate`](super::ConnectionOptions::add_root_certificate).
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
    pub(crate) encoding: Encoding,
    pub(crate) bytes: Bytes,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Pem,
    Der,
}

impl Certificate {
    /// One certificate or several, as the text between `-----BEGIN CERTIFICATE-----` and its end (RFC 7468).
    pub fn from_pem(text: impl AsRef<[u8]>) -> Self {
        Self { encoding: Encoding::Pem, bytes: Bytes::copy_from_slice(text.as_ref()) }
    }

    /// One certificate in binary (RFC 5280 §4.1).
    pub fn from_der(bytes: impl AsRef<[u8]>) -> Self {
        Self { encoding: Encoding::Der, bytes: Bytes::copy_from_slice(bytes.as_ref()) }
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({:?}, {} bytes)", self.encoding, self.bytes.len())
    }
}
