//! Header values from any `Serialize` value, and the ladder that decides which level's header is sent.

pub(crate) mod raw;
mod sink;

use std::fmt;
use std::str::FromStr;

use http::{HeaderMap, HeaderName, HeaderValue, header};
use serde::Serialize;

use self::sink::{HeaderSink, MapSink};
use crate::error::{Error, ErrorKind, Result};
use crate::request::flat::flatten;

const VALUE_RULE: &str = "its value may hold printable ASCII only, and no line break (RFC 9110 \u{a7}5.5)";

/// As many as a [`HeaderMap`] holds without growing beyond its limit, which is a panic.
const MAX: usize = 24_576;

/// Headers in the order in which they are sent, few enough that a list is faster than a map.
#[derive(Clone, Default)]
pub(crate) struct Headers(Vec<(HeaderName, HeaderValue)>);

impl Headers {
    pub(crate) fn contains(&self, name: &HeaderName) -> bool {
        self.0.iter().any(|(own, _)| own == name)
    }

    pub(crate) fn push(&mut self, name: HeaderName, value: HeaderValue) {
        self.0.push((name, value));
    }

    /// Replaces every header of this name by one.
    pub(crate) fn set(&mut self, name: HeaderName, value: HeaderValue) {
        self.remove(&name);
        self.push(name, value);
    }

    /// Takes out the first header of this name.
    pub(crate) fn take(&mut self, name: &HeaderName) -> Option<HeaderValue> {
        let at = self.0.iter().position(|(own, _)| own == name)?;
        Some(self.0.remove(at).1)
    }

    pub(crate) fn remove(&mut self, name: &HeaderName) {
        self.0.retain(|(own, _)| own != name);
    }

    pub(crate) fn retain(&mut self, keep: impl Fn(&HeaderName) -> bool) {
        self.0.retain(|(name, _)| keep(name));
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Keeps the first `nearer` headers, and of the others those that may be kept.
    pub(crate) fn retain_behind(&mut self, nearer: usize, keep: impl Fn(&HeaderName) -> bool) {
        let mut at = 0;
        self.0.retain(|(name, _)| {
            at += 1;
            at <= nearer || keep(name)
        });
    }

    /// Adds what a weaker level says under names that no nearer level has.
    pub(crate) fn fall_back_to(&mut self, weaker: &Self) {
        let nearer = self.0.len();
        for (name, value) in &weaker.0 {
            if !self.0.iter().take(nearer).any(|(own, _)| own == name) {
                self.0.push((name.clone(), value.clone()));
            }
        }
    }

    /// The same for fixed headers of an attribute.
    pub(crate) fn fall_back_to_fixed(&mut self, weaker: &[(&'static str, &'static str)]) -> Result<()> {
        if weaker.is_empty() {
            return Ok(());
        }
        self.fall_back_to(&Self::fixed(weaker)?);
        Ok(())
    }

    /// Headers as an attribute names them.
    pub(crate) fn fixed(headers: &[(&'static str, &'static str)]) -> Result<Self> {
        headers
            .iter()
            .map(|(name, value)| Ok((parse_name(name)?, parse_value(name, value)?)))
            .collect::<Result<_>>()
            .map(Self)
    }

    /// Refuses what [`to_map`](Self::to_map) could not hold.
    ///
    /// # Errors
    ///
    /// Kind `Request` if there are more headers than any server takes.
    pub(crate) fn check_count(&self) -> Result<()> {
        let count = self.0.len();
        if count <= MAX {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Request, format!("{count} headers are more than {MAX}, which is the most")))
    }

    /// What one attempt sends; the transport consumes it.
    pub(crate) fn to_map(&self) -> HeaderMap {
        let mut map = HeaderMap::with_capacity(self.0.len());
        for (name, value) in &self.0 {
            map.append(name.clone(), value.clone());
        }
        map
    }
}

/// Names only: a value may be a secret.
impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

/// Fields that say where a message ends; one from outside could cut a body off, so the client alone writes them.
const FRAMING: [HeaderName; 3] = [header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::CONNECTION];

/// # Errors
///
/// Kind `Request` if `name` is not a header name, or one of the fields that the client writes itself.
pub(crate) fn parse_name(name: &str) -> Result<HeaderName> {
    let refuse = |why: &str| Error::new(ErrorKind::Request, format!("{name:?} {why}"));
    let parsed = HeaderName::from_str(name).map_err(|_| refuse("is not a header name"))?;
    if FRAMING.contains(&parsed) {
        Err(refuse("is a header that the client writes itself"))
    } else {
        Ok(parsed)
    }
}

/// # Errors
///
/// Kind `Request` if `value` holds anything but printable ASCII and tabs (RFC 9110 §5.5); the value is not quoted.
pub(crate) fn parse_value(name: &str, value: &str) -> Result<HeaderValue> {
    checked(value).ok_or_else(|| unfit(name, VALUE_RULE))
}

/// `http` alone would take bytes above ASCII, whose meaning servers disagree about.
fn checked(value: &str) -> Option<HeaderValue> {
    if value.is_ascii() { HeaderValue::from_str(value).ok() } else { None }
}

/// A value that must not be logged.
pub(crate) fn parse_secret(name: &str, value: &str) -> Result<HeaderValue> {
    let mut value = parse_value(name, value)?;
    value.set_sensitive(true);
    Ok(value)
}

fn unfit(name: &str, rule: impl fmt::Display) -> Error {
    Error::new(ErrorKind::Request, format!("the header `{name}`: {rule}"))
}

/// Adds the headers that `value` stands for: a scalar is one, a list repeats the name, `None` is none.
///
/// # Errors
///
/// Kind `Request` for a value without a flat form, or one that a header cannot hold.
pub(crate) fn append<T: Serialize + ?Sized>(headers: &mut Headers, name: &str, value: &T) -> Result<()> {
    let mut sink = HeaderSink { name: parse_name(name)?, headers };
    flatten(&mut sink, name, value).map_err(|error| unfit(name, error))
}

/// Adds the headers that a map, a struct or a list of pairs names.
///
/// # Errors
///
/// Kind `Request` for what names no headers, a name that no header has or the client writes itself, and the errors of
/// [`append`].
pub(crate) fn append_all<T: Serialize + ?Sized>(headers: &mut Headers, map: &T) -> Result<()> {
    flatten(&mut MapSink(headers), "", map)
        .map_err(|error| Error::new(ErrorKind::Request, format!("the map of headers: {error}")))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use serde::Serialize;

    use super::raw::RawHeader;
    use super::{Headers, append, append_all};
    use crate::request::query::Form;

    fn sent<T: Serialize>(value: T) -> crate::Result<Vec<String>> {
        let mut headers = Headers::default();
        append(&mut headers, "x-a", &value)?;
        Ok(headers.0.iter().map(|(_, value)| value.to_str().unwrap().to_owned()).collect())
    }

    #[test]
    fn scalars_lists_and_absence() {
        assert_eq!(sent("a b").unwrap(), ["a b"]);
        assert_eq!(sent(true).unwrap(), ["true"]);
        assert_eq!(sent("").unwrap(), [""]);
        assert_eq!(sent(None::<u8>).unwrap(), [""; 0]);
        assert_eq!(sent([Some(1), None, Some(2)]).unwrap(), ["1", "2"]);
    }

    #[test]
    fn what_could_break_out_of_its_line_is_refused() {
        for bad in ["a\r\nb: c", "a\nb", "a\0", "\u{e9}", "a\u{7f}"] {
            let error = sent(bad).unwrap_err();
            assert_eq!(error.kind(), crate::ErrorKind::Request);
            assert!(error.to_string().contains("x-a"), "{error}");
            assert!(!error.to_string().contains(bad), "{error}");
        }
        assert!(sent(std::collections::BTreeMap::from([("a", 1)])).is_err());
        assert!(sent(f64::NAN).is_err());
    }

    #[derive(Serialize)]
    struct Trace<'a> {
        #[serde(rename = "X-Trace")]
        id: &'a str,
        level: Option<u8>,
        tags: Vec<&'a str>,
        name: RawHeader,
        empty: (),
    }

    fn mapped<T: Serialize>(value: T) -> crate::Result<Vec<(String, Vec<u8>)>> {
        let mut headers = Headers::default();
        append_all(&mut headers, &value)?;
        Ok(headers.0.iter().map(|(name, value)| (name.to_string(), value.as_bytes().to_vec())).collect())
    }

    fn raw(bytes: &[u8]) -> RawHeader {
        RawHeader(HeaderValue::from_bytes(bytes).unwrap())
    }

    #[test]
    fn a_map_names_headers() {
        let pair = |name: &str, value: &[u8]| (name.to_owned(), value.to_vec());
        let trace = Trace { id: "1", level: None, tags: vec!["a", "b"], name: raw(b"\xe9"), empty: () };
        let expected = [
            pair("x-trace", b"1"),
            pair("tags", b"a"),
            pair("tags", b"b"),
            pair("name", b"\xe9"),
            pair("empty", b""),
        ];
        assert_eq!(mapped(trace).unwrap(), expected);
        assert_eq!(
            mapped([("b", Some(1)), ("a", None), ("B", Some(2))]).unwrap(),
            [pair("b", b"1"), pair("b", b"2")]
        );
        assert_eq!(mapped(None::<[(&str, u8); 1]>).unwrap(), []);
        for (result, part) in [
            (mapped("x"), "this value does not"),
            (mapped([("", "x")]), "this value does not"),
            (mapped([("a b", "x")]), "\"a b\" is not a header name"),
            (mapped([("a\r\nb", "x")]), "is not a header name"),
            (mapped([("Content-Length", "9")]), "the client writes itself"),
            (mapped([("a", "hunter2\r\nb: c")]), "the header `a`"),
            (mapped([("a", "hunter2\u{e9}")]), "printable ASCII"),
            (mapped([("a", [("b", "c")])]), "nest"),
        ] {
            let error = result.unwrap_err();
            assert_eq!(error.kind(), crate::ErrorKind::Request);
            assert!(error.to_string().contains(part) && !error.to_string().contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn raw_bytes_stand_in_headers_and_nowhere_else() {
        let mut headers = Headers::default();
        let mut secret = HeaderValue::from_bytes(b"\xff\t\x80").unwrap();
        secret.set_sensitive(true);
        append(&mut headers, "x-a", &[Some(raw("Zo\u{eb}".as_bytes())), None, Some(secret.clone().into())])
            .unwrap();
        let map = headers.to_map();
        let values: Vec<_> = map.get_all("x-a").iter().collect();
        assert_eq!(values, [&HeaderValue::from_bytes("Zo\u{eb}".as_bytes()).unwrap(), &secret]);
        assert_eq!(values.iter().map(|value| value.is_sensitive()).collect::<Vec<_>>(), [false, true]);

        let (mut url, mut form) = (String::new(), String::new());
        let query =
            crate::request::query::append((&mut url, &mut false), "q", &raw(b"a"), &[], Form::default());
        let form = crate::request::form::append(&mut form, "q", &[raw(b"a")], &[]);
        for error in [query.unwrap_err(), form.unwrap_err()] {
            assert!(error.to_string().contains("in a header, and nowhere else"), "{error}");
        }
        assert!(serde_json::to_string(&raw(b"a")).is_err());
        assert!(sent(Plain(b"a")).unwrap_err().to_string().contains("bytes have no text form"));
    }

    /// Bytes that did not say that they are a raw header.
    struct Plain(&'static [u8]);

    impl Serialize for Plain {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_bytes(self.0)
        }
    }

    struct Broken;

    impl std::fmt::Display for Broken {
        fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            Err(std::fmt::Error)
        }
    }

    #[test]
    fn what_cannot_be_displayed_is_an_error_and_no_panic() {
        assert!(sent(format_args!("{Broken}")).unwrap_err().to_string().contains("cannot be displayed"));
    }

    #[test]
    fn a_nearer_level_replaces_and_one_level_may_repeat() {
        let mut nearer = Headers::fixed(&[("a", "1"), ("a", "2")]).unwrap();
        nearer.fall_back_to(&Headers::fixed(&[("a", "3"), ("b", "4"), ("b", "5")]).unwrap());
        let map = nearer.to_map();
        assert_eq!(map.get_all("a").iter().collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(map.get_all("b").iter().collect::<Vec<_>>(), ["4", "5"]);
    }

    #[test]
    fn what_says_where_a_message_ends_is_refused() {
        for name in ["Content-Length", "transfer-encoding", "Connection"] {
            let error = super::parse_name(name).unwrap_err();
            assert!(error.to_string().contains("the client writes itself"), "{error}");
        }
    }

    #[test]
    fn more_headers_than_a_map_holds_are_an_error_and_no_panic() {
        let mut headers = Headers::default();
        append(&mut headers, "x-a", &vec![1; super::MAX]).unwrap();
        headers.check_count().unwrap();
        assert_eq!(headers.to_map().len(), super::MAX);
        append(&mut headers, "x-b", &1).unwrap();
        assert_eq!(headers.check_count().unwrap_err().kind(), crate::ErrorKind::Request);
    }

    #[test]
    fn debug_shows_names_alone() {
        assert_eq!(
            format!("{:?}", Headers::fixed(&[("authorization", "hunter2")]).unwrap()),
            r#"{"authorization"}"#
        );
    }
}
