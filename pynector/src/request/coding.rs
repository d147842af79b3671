//! Content codings of request bodies: which there are, and which this build knows.

use serde::{Deserialize, Serialize};

use crate::policy::Invalid;

/// How a request body is compressed (RFC 9110 §8.4.1), said by its header `content-encoding`.
///
/// Each but [`Identity`](Self::Identity) needs the feature of its name, which undoes the same coding in answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ContentCoding {
    /// Not at all.
    #[default]
    #[serde(rename = "off")]
    Identity,
    /// `gzip`, which servers know best. Feature `gzip`.
    #[serde(rename = "gzip")]
    Gzip,
    /// `deflate`, in the format of zlib. Feature `deflate`.
    #[serde(rename = "deflate")]
    Deflate,
    /// `br`, the smallest for text. Feature `brotli`.
    #[serde(rename = "br")]
    Brotli,
    /// `zstd`, the fastest. Feature `zstd`.
    #[serde(rename = "zstd")]
    Zstd,
}

impl ContentCoding {
    /// What the header says; `identity` is never sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Gzip => "gzip",
            Self::Deflate => "deflate",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
        }
    }

    /// Whether this build can write it.
    pub(crate) const fn is_known(self) -> bool {
        match self {
            Self::Identity => true,
            Self::Gzip => cfg!(feature = "gzip"),
            Self::Deflate => cfg!(feature = "deflate"),
            Self::Brotli => cfg!(feature = "brotli"),
            Self::Zstd => cfg!(feature = "zstd"),
        }
    }

    /// # Errors
    ///
    /// A coding whose feature is off.
    pub(crate) fn validate(self) -> Result<(), Invalid> {
        Invalid::unless(
            self.is_known(),
            "compress",
            &self.as_str(),
            "be a coding whose feature is on (`gzip`, `deflate`, `brotli`, `zstd`)",
        )
    }
}
