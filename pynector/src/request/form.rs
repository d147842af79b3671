//! URL-encoded forms, from any `Serialize` value, as a browser writes them: a space is `+`.

use std::fmt;

use serde::Serialize;
use url::form_urlencoded::byte_serialize;

use crate::error::{Error, ErrorKind, Result};
use crate::request::flat::{FlatError, Sink, flatten, text};

/// Appends `value` under `name` to `form`, by the rules of the query: a map or struct goes under its own keys, but for
/// those in `named`, which belong to parameters of their own.
///
/// # Errors
///
/// Kind `Request` for a value without a flat form.
pub(crate) fn append<T: Serialize + ?Sized>(
    form: &mut String,
    name: &str,
    value: &T,
    named: &[&str],
) -> Result<()> {
    flatten(&mut Form { text: form, own: name, named }, name, value)
        .map_err(|error| Error::new(ErrorKind::Request, format!("the form field `{name}`: {error}")))
}

/// A form of `value` alone: a struct, a map or a list of pairs.
///
/// # Errors
///
/// Kind `Request` for a value without a flat form, or without names.
pub(crate) fn whole<T: Serialize + ?Sized>(value: &T) -> Result<String> {
    let mut form = String::new();
    append(&mut form, "", value, &[])?;
    if form.split('&').any(|field| field.starts_with('=')) {
        let why = "a form needs names: give it a struct, a map or a list of pairs";
        return Err(Error::new(ErrorKind::Request, why));
    }
    Ok(form)
}

struct Form<'a> {
    text: &'a mut String,
    own: &'a str,
    named: &'a [&'a str],
}

impl Form<'_> {
    fn encode(&mut self, text: &str) {
        self.text.extend(byte_serialize(text.as_bytes()));
    }
}

impl Sink for Form<'_> {
    const REFUSES_MAPS: Option<&'static str> = None;

    fn item(&mut self, key: &str, value: fmt::Arguments<'_>) -> Result<(), FlatError> {
        let value = text(value)?;
        self.bare(key)?;
        self.text.push('=');
        self.encode(&value);
        Ok(())
    }

    fn bare(&mut self, key: &str) -> Result<(), FlatError> {
        if !self.text.is_empty() {
            self.text.push('&');
        }
        self.encode(key);
        Ok(())
    }

    fn takes(&self, key: &str) -> bool {
        // Its own name is no other parameter's, as in the query.
        key == self.own || !self.named.contains(&key)
    }
}

#[cfg(test)]
mod tests {
    use super::append;
    use crate::request::flat::Broken;

    #[test]
    fn fields_are_written_as_a_browser_writes_them() {
        let mut form = String::new();
        append(&mut form, "a b", "c&d=\u{e9}+ *-._", &[]).unwrap();
        append(&mut form, "n", &[1, 2], &[]).unwrap();
        append(&mut form, "absent", &None::<u8>, &[]).unwrap();
        append(&mut form, "empty", "", &[]).unwrap();
        assert_eq!(form, "a+b=c%26d%3D%C3%A9%2B+*-._&n=1&n=2&empty=");
    }

    #[test]
    fn what_cannot_be_displayed_is_an_error_and_no_panic() {
        let mut form = String::new();
        let error = append(&mut form, "a", &Broken, &[]).unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::Request);
        assert!(error.to_string().contains("the form field `a`: the value cannot be displayed"), "{error}");
    }

    #[test]
    fn a_name_wins_over_a_key() {
        let mut form = String::new();
        let pairs = [("user", "a"), ("login", "b"), ("rest", "c")];
        append(&mut form, "login", &pairs, &["login", "user"]).unwrap();
        append(&mut form, "user", "d", &["login", "user"]).unwrap();
        assert_eq!(form, "login=b&rest=c&user=d");
    }
}
