//! What is a body as it is: text, bytes, files, an `Option` of them, all that from behind a reference, and what a codec makes one.

use bytes::Bytes;
use serde::Serialize;

use super::Body;
use super::file;
use crate::codec::Codec;
use crate::error::Result;

impl Body {
    /// `value` in the format `C`, whose media type is the `content-type` unless a header says otherwise.
    ///
    /// ```
    /// use pynector::{Body, JsonCodec};
    ///
    /// let body = Body::coded::<JsonCodec>(&["tea", "milk"])?;
    /// assert_eq!((&body.peek().unwrap()[..], body.content_type()), (&br#"["tea","milk"]"#[..], Some("application/json")));
    /// # Ok::<(), pynector::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Codec::encode`].
    pub fn coded<C: Codec>(value: &(impl Serialize + ?Sized)) -> Result<Self> {
        Ok(Self { media: Some(C::MEDIA_TYPE), ..Self::bytes(C::encode(value)?) })
    }
}

/// What becomes a body by one of its two constructors.
macro_rules! made_of {
    ($($constructor:ident: $($type:ty)|*,)*) => {
        $($(impl From<$type> for Body {
            fn from(content: $type) -> Self {
                Self::$constructor(content)
            }
        })*)*
    };
}

made_of! {
    text: String | &str | &String | std::borrow::Cow<'_, str> | Box<str>,
    bytes: Bytes | Vec<u8> | Box<[u8]>,
}

/// The same for what is copied or shared first.
macro_rules! made_of_borrowed {
    ($($type:ty: $owned:ident,)*) => {
        $(impl From<$type> for Body {
            fn from(content: $type) -> Self {
                Self::from(content.$owned())
            }
        })*
    };
}

made_of_borrowed! {
    &[u8]: to_vec,
    &Vec<u8>: clone,
    &Bytes: clone,
    &Body: clone,
    std::borrow::Cow<'_, [u8]>: into_owned,
}

impl<const N: usize> From<[u8; N]> for Body {
    fn from(bytes: [u8; N]) -> Self {
        Self::bytes(bytes.to_vec())
    }
}

impl<const N: usize> From<&[u8; N]> for Body {
    fn from(bytes: &[u8; N]) -> Self {
        Self::bytes(bytes.to_vec())
    }
}

/// What is sent from behind a reference, as the fields of a struct are.
trait Lent {
    fn lent(&self) -> Body;
}

macro_rules! lent {
    ($($type:ty)*) => {
        $(impl Lent for $type {
            fn lent(&self) -> Body {
                Body::from(self)
            }
        })*
    };
}

lent!(str String [u8] Vec<u8> Bytes Body);

impl<const N: usize> Lent for [u8; N] {
    fn lent(&self) -> Body {
        Body::from(self)
    }
}

impl<T: Lent + ?Sized> Lent for &T {
    fn lent(&self) -> Body {
        (**self).lent()
    }
}

impl<T: Lent + ?Sized> Lent for Box<T> {
    fn lent(&self) -> Body {
        (**self).lent()
    }
}

impl<T: Lent + ToOwned + ?Sized> Lent for std::borrow::Cow<'_, T> {
    fn lent(&self) -> Body {
        (**self).lent()
    }
}

impl<T: Lent> Lent for Option<T> {
    fn lent(&self) -> Body {
        self.as_ref().map_or_else(Body::empty, Lent::lent)
    }
}

impl<T: Lent + ?Sized> From<&&T> for Body {
    fn from(content: &&T) -> Self {
        content.lent()
    }
}

impl<T: Lent + ?Sized> From<&Box<T>> for Body {
    fn from(content: &Box<T>) -> Self {
        content.lent()
    }
}

impl<T: Lent + ToOwned + ?Sized> From<&std::borrow::Cow<'_, T>> for Body {
    fn from(content: &std::borrow::Cow<'_, T>) -> Self {
        content.lent()
    }
}

impl<T: Lent> From<&Option<T>> for Body {
    fn from(content: &Option<T>) -> Self {
        content.lent()
    }
}

/// `None` is no body, and no content type.
impl<T: Into<Body>> From<Option<T>> for Body {
    fn from(content: Option<T>) -> Self {
        content.map_or_else(Self::empty, Into::into)
    }
}

/// An open file from where it stands to its end, with its length if it is a regular one: `application/octet-stream` unless
/// a header says otherwise.
///
/// A regular file is read anew for each attempt, from where it stood; its cursor stays there. What is no regular file, such as
/// a pipe, is read once. The size is asked for here and now, which waits for no disk. The file is read on tokio's threads
/// for blocking work; [`Body::file`] opens one there too.
impl From<tokio::fs::File> for Body {
    fn from(file: tokio::fs::File) -> Self {
        file::of_tokio(file)
    }
}

/// The same for a file of the standard library.
impl From<std::fs::File> for Body {
    fn from(file: std::fs::File) -> Self {
        file::of_std(file)
    }
}
