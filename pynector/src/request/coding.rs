//! Content codings of request bodies: which there are, and which this build knows.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::body::Body;
use crate::error::Result;
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
    pub(crate) fn validate(self) -> std::result::Result<(), Invalid> {
        Invalid::unless(
            self.is_known(),
            "compress",
            &self.as_str(),
            "be a coding whose feature is on (`gzip`, `deflate`, `brotli`, `zstd`)",
        )
    }
}

/// A coding as a setting, which knows how a body is compressed: a program that says no coding has none of that code.
#[derive(Clone, Copy)]
pub(crate) struct Compress {
    coding: ContentCoding,
    apply: fn(Body, ContentCoding) -> Result<Body>,
}

impl Compress {
    pub(crate) const NOT: Self = Self { coding: ContentCoding::Identity, apply: |body, _| Ok(body) };

    pub(crate) const fn by(coding: ContentCoding) -> Self {
        Self { coding, apply: Body::compressed_if_worth }
    }

    pub(crate) const fn coding(self) -> ContentCoding {
        self.coding
    }

    /// The body compressed, where that makes it smaller.
    ///
    /// # Errors
    ///
    /// Those of [`Body::compressed`].
    pub(crate) fn apply(self, body: Body) -> Result<Body> {
        (self.apply)(body, self.coding)
    }
}

/// The coding alone.
impl fmt::Debug for Compress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.coding, f)
    }
}
