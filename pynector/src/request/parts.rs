//! A multipart form in the making, and what may be a part of one.

use std::borrow::{Borrow, Cow};
use std::fmt;

use bytes::Bytes;
use http::HeaderValue;

use crate::error::{Error, ErrorKind, Result};
use crate::request::body::Body;
use crate::request::multipart::{self, Part};

/// A `multipart/form-data` form ([RFC 7578](https://www.rfc-editor.org/rfc/rfc7578)): named parts in the order in which
/// they are added.
///
/// ```
/// use pynector::{Multipart, Part};
///
/// let form = Multipart::new()
///     .part("title", "Sea")
///     .part("year", 2026)
///     .part("tags", ["blue", "wide"])
///     .part("note", None::<&str>)
///     .part("photo", Part::bytes(vec![0xff, 0xd8]).file_name("sea.jpg").content_type("image/jpeg"));
/// assert_eq!(form.len(), 5);
/// ```
///
/// Any characters may stand in a name; quotes and line breaks are written as `%22` and `%0D%0A`, as browsers do (WHATWG
/// HTML, "multipart/form-data"). A form without parts is no body: the format has no way to write it (RFC 2046 §5.1.1).
#[derive(Clone, Default)]
pub struct Multipart {
    parts: Vec<(String, Part)>,
    /// What is wrong with the first value that did not fit.
    error: Option<String>,
}

impl Multipart {
    /// A form without parts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a part: text, a number, a boolean, bytes or a [`Part`]; of a list one part for each item, of `None` nothing.
    ///
    /// A number that is not finite is an error of the call that sends the form.
    pub fn part(mut self, name: impl Into<String>, value: impl PartValue) -> Self {
        value.add_to(&mut self, &name.into());
        self
    }

    /// How many parts there are.
    pub fn len(&self) -> usize {
        self.parts.len()
    }

    /// Whether there is no part.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Adds one part; for implementations of [`PartValue`].
    pub fn push(&mut self, name: &str, part: Part) {
        self.parts.push((name.to_owned(), part));
    }

    fn refuse(&mut self, why: String) {
        self.error.get_or_insert(why);
    }

    /// The body and its content type; `None` for a form without parts.
    ///
    /// # Errors
    ///
    /// Kind `Request` for a value that did not fit, or a header of a part that is none.
    pub(crate) fn encode(self) -> Result<Option<(Body, HeaderValue)>> {
        match self.error {
            Some(why) => Err(Error::new(ErrorKind::Request, why)),
            None if self.parts.is_empty() => Ok(None),
            None => multipart::write(self.parts).map(Some),
        }
    }
}

/// Its size alone: a form may hold secrets.
impl fmt::Debug for Multipart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Multipart({} parts)", self.parts.len())
    }
}

/// What may be a part of a multipart form.
///
/// Text and bytes are sent as they are; numbers and booleans as `Display` writes them. `u8` alone is a number, a list of
/// them (`Vec<u8>`, `&[u8]`) is one part of bytes. Of [`Bytes`](crate::bytes::Bytes) and [`Part`] the content is shared,
/// not copied, until it is sent.
///
/// A type of your own says which parts it is made of:
///
/// ```
/// use pynector::{Multipart, Part, PartValue};
///
/// struct Photo { name: String, jpeg: Vec<u8> }
///
/// impl PartValue for Photo {
///     fn add_to(&self, form: &mut Multipart, name: &str) {
///         form.push(name, Part::bytes(self.jpeg.clone()).file_name(&self.name).content_type("image/jpeg"));
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a part of a multipart form",
    label = "neither text, a number, a `bool`, bytes nor a `Part`",
    note = "a part is text, a number, a `bool`, bytes, a `pynector::Part`, or an `Option`, `Vec` or slice of these; \
            `Part::json` makes one of a JSON value"
)]
pub trait PartValue {
    /// Adds what this value stands for to `form`, under `name`.
    fn add_to(&self, form: &mut Multipart, name: &str);

    /// The same for a list of such values: one part for each, unless the type says otherwise.
    #[doc(hidden)]
    fn add_all(items: &[Self], form: &mut Multipart, name: &str)
    where
        Self: Sized,
    {
        for item in items {
            item.add_to(form, name);
        }
    }
}

impl PartValue for Part {
    fn add_to(&self, form: &mut Multipart, name: &str) {
        form.push(name, self.clone());
    }
}

/// As [`Part::body`].
impl PartValue for Body {
    fn add_to(&self, form: &mut Multipart, name: &str) {
        form.push(name, Part::body(self.clone()));
    }
}

impl PartValue for str {
    fn add_to(&self, form: &mut Multipart, name: &str) {
        form.push(name, Part::text(self));
    }
}

impl PartValue for String {
    fn add_to(&self, form: &mut Multipart, name: &str) {
        self.as_str().add_to(form, name);
    }
}

impl PartValue for Bytes {
    fn add_to(&self, form: &mut Multipart, name: &str) {
        form.push(name, Part::bytes(self.clone()));
    }
}

/// A list of them is one part.
impl PartValue for u8 {
    fn add_to(&self, form: &mut Multipart, name: &str) {
        form.push(name, Part::text(self.to_string()));
    }

    fn add_all(items: &[Self], form: &mut Multipart, name: &str) {
        form.push(name, Part::bytes(items.to_vec()));
    }
}

macro_rules! displayed {
    ($($type:ty)*) => {
        $(impl PartValue for $type {
            fn add_to(&self, form: &mut Multipart, name: &str) {
                form.push(name, Part::text(self.to_string()));
            }
        })*
    };
}

displayed!(bool char i8 i16 i32 i64 i128 isize u16 u32 u64 u128 usize);

macro_rules! floats {
    ($($type:ty)*) => {
        $(impl PartValue for $type {
            fn add_to(&self, form: &mut Multipart, name: &str) {
                if self.is_finite() {
                    form.push(name, Part::text(self.to_string()));
                } else {
                    form.refuse(format!("the part `{name}`: {self} is not a finite number"));
                }
            }
        })*
    };
}

floats!(f32 f64);

impl<T: PartValue> PartValue for [T] {
    fn add_to(&self, form: &mut Multipart, name: &str) {
        T::add_all(self, form, name);
    }
}

impl<T: PartValue, const N: usize> PartValue for [T; N] {
    fn add_to(&self, form: &mut Multipart, name: &str) {
        T::add_all(self, form, name);
    }
}

impl<T: PartValue> PartValue for Vec<T> {
    fn add_to(&self, form: &mut Multipart, name: &str) {
        T::add_all(self, form, name);
    }
}

impl<T: PartValue> PartValue for Option<T> {
    fn add_to(&self, form: &mut Multipart, name: &str) {
        if let Some(value) = self {
            value.add_to(form, name);
        }
    }
}

impl<T: PartValue + ?Sized> PartValue for &T {
    fn add_to(&self, form: &mut Multipart, name: &str) {
        (**self).add_to(form, name);
    }
}

impl<T: PartValue + ?Sized> PartValue for Box<T> {
    fn add_to(&self, form: &mut Multipart, name: &str) {
        (**self).add_to(form, name);
    }
}

impl<T: PartValue + ToOwned + ?Sized> PartValue for Cow<'_, T> {
    fn add_to(&self, form: &mut Multipart, name: &str) {
        (**self).add_to(form, name);
    }
}

/// What may be the whole of a multipart form: a [`Multipart`], a reference to one, or an `Option` of these, whose `None`
/// is no body.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no multipart form",
    label = "not a `Multipart`",
    note = "pass a `pynector::Multipart`, or mark each part of the form `#[part]`"
)]
pub trait MultipartValue {
    /// The form, if there is one.
    fn into_multipart(self) -> Option<Multipart>;
}

impl MultipartValue for Multipart {
    fn into_multipart(self) -> Option<Multipart> {
        Some(self)
    }
}

impl MultipartValue for &Multipart {
    fn into_multipart(self) -> Option<Multipart> {
        Some(self.clone())
    }
}

/// As a field that is a reference is read.
#[diagnostic::do_not_recommend]
impl MultipartValue for &&Multipart {
    fn into_multipart(self) -> Option<Multipart> {
        (*self).into_multipart()
    }
}

#[diagnostic::do_not_recommend]
impl<T: Borrow<Multipart>> MultipartValue for &Option<T> {
    fn into_multipart(self) -> Option<Multipart> {
        self.as_ref().map(|form| form.borrow().clone())
    }
}

impl<T: MultipartValue> MultipartValue for Option<T> {
    fn into_multipart(self) -> Option<Multipart> {
        self.and_then(T::into_multipart)
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use bytes::Bytes;

    use super::{Multipart, MultipartValue as _, PartValue};
    use crate::request::multipart::Part;

    /// The contents of the parts that a value makes.
    fn parts(value: impl PartValue) -> Vec<String> {
        let form = Multipart::new().part("p", value);
        assert!(form.error.is_none() && form.parts.iter().all(|(name, _)| name == "p"));
        let text =
            |(_, part): &(String, Part)| String::from_utf8(part.bytes_here().unwrap().to_vec()).unwrap();
        form.parts.iter().map(text).collect()
    }

    #[test]
    fn scalars_are_one_part_each() {
        assert_eq!(parts("a\nb"), ["a\nb"]);
        assert_eq!(parts(String::from("a")), ["a"]);
        assert_eq!(parts(String::new()), [""]);
        assert_eq!(parts(Cow::Borrowed("a")), ["a"]);
        assert_eq!(parts(Box::<str>::from("a")), ["a"]);
        assert_eq!(parts(true), ["true"]);
        assert_eq!(parts('\u{e9}'), ["\u{e9}"]);
        assert_eq!(parts(7u8), ["7"]);
        assert_eq!(parts(-1i128), ["-1"]);
        assert_eq!(parts(0.5), ["0.5"]);
        assert_eq!(parts(Part::bytes("x").file_name("f")), ["x"]);
    }

    #[test]
    fn lists_repeat_the_name_but_bytes_are_one_part() {
        assert_eq!(parts(vec!["a", "b"]), ["a", "b"]);
        assert_eq!(parts(&["a".to_owned(), "b".to_owned()][..]), ["a", "b"]);
        assert_eq!(parts([Some(1), None, Some(3)]), ["1", "3"]);
        assert_eq!(parts(Vec::<u16>::new()), [""; 0]);
        assert_eq!(parts(vec![b'a', b'b']), ["ab"]);
        assert_eq!(parts(&b"ab"[..]), ["ab"]);
        assert_eq!(parts(b"ab"), ["ab"]);
        assert_eq!(parts(Bytes::from_static(b"ab")), ["ab"]);
        assert_eq!(parts(Cow::Borrowed(&b"ab"[..])), ["ab"]);
        assert_eq!(parts([&b"ab"[..], &b"c"[..]]), ["ab", "c"]);
        assert_eq!(parts(Vec::<u8>::new()), [""], "an empty file is a file");
    }

    #[test]
    fn none_is_no_part_and_no_form() {
        assert_eq!(parts(None::<&str>), [""; 0]);
        assert_eq!(parts(Some(None::<Vec<u8>>)), [""; 0]);
        assert!(Multipart::new().part("p", None::<u8>).encode().unwrap().is_none());
        assert!(None::<&Multipart>.into_multipart().is_none());
        assert_eq!(Some(&Multipart::new().part("p", 1)).into_multipart().unwrap().len(), 1);
    }

    #[test]
    fn what_does_not_fit_is_told_when_it_is_sent() {
        let error = Multipart::new().part("x", [0.5, f64::NAN]).part("y", 1).encode().unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::Request);
        assert!(error.to_string().contains("the part `x`: NaN is not a finite number"), "{error}");
        let error = Multipart::new().part("x", f64::NAN).part("y", f32::INFINITY).encode().unwrap_err();
        assert!(error.to_string().contains("the part `x`"), "the first one is told: {error}");
    }

    #[test]
    fn debug_shows_no_content() {
        assert_eq!(format!("{:?}", Multipart::new().part("hunter2", "hunter2")), "Multipart(1 parts)");
    }
}
