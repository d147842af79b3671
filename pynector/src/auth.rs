//! Credentials: how they become a header value that no log shows, and who is asked for them.

mod credentials;
mod refreshing;

use std::fmt::{self, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;

pub use self::credentials::{Authorization, Credentials};
pub use self::refreshing::{Refreshing, Token};
use crate::error::{Error, ErrorKind, Result};
use crate::request::header::parse_secret;

/// A text that is never shown: its `Debug` is `Secret(..)`, and it has no `Display`.
///
/// ```
/// let token = pynector::Secret::new("hunter2");
/// assert_eq!(format!("{token:?}"), "Secret(..)");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub(crate) String);

impl Secret {
    /// Hides `text`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// What is hidden, to be sent and nothing else.
    pub(crate) fn text(&self) -> &dyn fmt::Display {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// What may stand where a secret is sent: anything that is `Display`, or a [`Secret`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent as a credential",
    label = "neither `Display` nor a `Secret`",
    note = "pass a `&str`, a `String` or a `pynector::Secret`"
)]
pub trait Credential {
    /// Writes it, to be sent and nothing else.
    ///
    /// # Errors
    ///
    /// If it cannot be displayed.
    fn reveal(self) -> Result<String, fmt::Error>;
}

/// What `value` displays; an error where `to_string` would panic.
fn displayed(value: &impl fmt::Display) -> Result<String, fmt::Error> {
    let mut text = String::new();
    write!(text, "{value}")?;
    Ok(text)
}

pub(crate) fn unprintable(_: fmt::Error) -> Error {
    Error::new(ErrorKind::Request, "the credentials cannot be displayed")
}

#[diagnostic::do_not_recommend]
impl<T: fmt::Display> Credential for T {
    fn reveal(self) -> Result<String, fmt::Error> {
        displayed(&self)
    }
}

impl Credential for Secret {
    fn reveal(self) -> Result<String, fmt::Error> {
        Ok(self.0)
    }
}

impl Credential for &Secret {
    fn reveal(self) -> Result<String, fmt::Error> {
        Ok(self.0.clone())
    }
}

/// As a field that is a reference is read.
impl Credential for &&Secret {
    fn reveal(self) -> Result<String, fmt::Error> {
        Ok(self.0.clone())
    }
}

/// A user and a password for [HTTP basic authentication](https://www.rfc-editor.org/rfc/rfc7617).
#[derive(Clone, Debug)]
pub struct Basic {
    user: String,
    password: Option<Secret>,
}

impl Basic {
    /// A user with a password.
    pub fn new(user: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self { user: user.into(), password: Some(password.into()) }
    }

    /// A user without a password, as APIs have it that take a key for the user.
    pub fn user(user: impl Into<String>) -> Self {
        Self { user: user.into(), password: None }
    }
}

/// What may stand where basic credentials are sent: [`Basic`], or a pair of user and `Option` of password.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent as basic credentials",
    label = "not a user with an optional password",
    note = "pass a `pynector::Basic`, or a pair such as `(\"user\", Some(\"password\"))`"
)]
pub trait BasicCredentials {
    /// The user, and the password if there is one.
    ///
    /// # Errors
    ///
    /// If one of them cannot be displayed.
    fn into_basic(self) -> Result<Basic, fmt::Error>;
}

impl BasicCredentials for Basic {
    fn into_basic(self) -> Result<Basic, fmt::Error> {
        Ok(self)
    }
}

impl BasicCredentials for &Basic {
    fn into_basic(self) -> Result<Basic, fmt::Error> {
        Ok(self.clone())
    }
}

impl<U: fmt::Display, P: Credential> BasicCredentials for (U, Option<P>) {
    fn into_basic(self) -> Result<Basic, fmt::Error> {
        let password = self.1.map(Credential::reveal).transpose()?.map(Secret);
        Ok(Basic { user: displayed(&self.0)?, password })
    }
}

impl<'a, U: fmt::Display, P> BasicCredentials for &'a (U, Option<P>)
where
    &'a P: Credential,
{
    fn into_basic(self) -> Result<Basic, fmt::Error> {
        let password = self.1.as_ref().map(Credential::reveal).transpose()?.map(Secret);
        Ok(Basic { user: displayed(&self.0)?, password })
    }
}

/// As fields that are references are read.
impl BasicCredentials for &&Basic {
    fn into_basic(self) -> Result<Basic, fmt::Error> {
        (*self).into_basic()
    }
}

impl<'a, U: fmt::Display, P> BasicCredentials for &&'a (U, Option<P>)
where
    &'a P: Credential,
{
    fn into_basic(self) -> Result<Basic, fmt::Error> {
        (*self).into_basic()
    }
}

/// `authorization: Bearer …` (RFC 6750).
///
/// # Errors
///
/// Kind `Request` if the token cannot stand in a header; it is not quoted.
pub(crate) fn bearer(token: impl Credential) -> Result<HeaderValue> {
    let token = token.reveal().map_err(unprintable)?;
    parse_secret("authorization", &["Bearer ", &token].concat())
}

/// A key in a header of its own.
///
/// # Errors
///
/// Kind `Request` if the key cannot stand in a header; it is not quoted.
pub(crate) fn api_key(header: &str, key: impl Credential) -> Result<HeaderValue> {
    parse_secret(header, &key.reveal().map_err(unprintable)?)
}

/// `authorization: Basic …` (RFC 7617, in UTF-8).
///
/// # Errors
///
/// Kind `Request` if the user holds a colon, which would move the border to the password.
pub(crate) fn basic(credentials: impl BasicCredentials) -> Result<HeaderValue> {
    let Basic { user, password } = credentials.into_basic().map_err(unprintable)?;
    if user.contains(':') {
        return Err(Error::new(
            ErrorKind::Request,
            "the user of basic credentials must not hold a colon (RFC 7617 \u{a7}2)",
        ));
    }
    let password = password.map(|secret| secret.0).unwrap_or_default();
    let encoded = STANDARD.encode([user.as_str(), ":", &password].concat());
    parse_secret("authorization", &["Basic ", &encoded].concat())
}

#[cfg(test)]
mod tests {
    use super::{Basic, Secret, api_key, basic, bearer};
    use crate::request::flat::Broken;

    #[test]
    fn credentials_are_written_as_the_rfcs_say_and_marked() {
        let value = basic(("Aladdin", Some("open sesame"))).unwrap();
        assert_eq!(value, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert!(value.is_sensitive());
        assert_eq!(basic(Basic::user("key")).unwrap(), "Basic a2V5Og==");
        assert_eq!(basic(("\u{fc}", None::<Secret>)).unwrap(), "Basic w7w6");
        assert_eq!(bearer(Secret::new("t")).unwrap(), "Bearer t");
        assert!(bearer("t").unwrap().is_sensitive());
    }

    #[test]
    fn what_cannot_be_displayed_is_an_error_and_no_panic() {
        let lent = (&("", Some(Broken)), &(Broken, None::<Secret>));
        for sent in [
            bearer(Broken),
            api_key("x-key", Broken),
            basic((Broken, Some(""))),
            basic(("", Some(Broken))),
            basic(lent.0),
            basic(lent.1),
        ] {
            let error = sent.unwrap_err();
            assert_eq!(error.kind(), crate::ErrorKind::Request);
            assert!(error.to_string().contains("cannot be displayed"), "{error}");
        }
    }

    #[test]
    fn what_cannot_be_sent_is_refused_and_not_quoted() {
        for error in [bearer("hunter2\r\nx: y").unwrap_err(), basic(("hunter2:", Some(""))).unwrap_err()] {
            assert_eq!(error.kind(), crate::ErrorKind::Request);
            assert!(!format!("{error} {error:?}").contains("hunter2"));
        }
        assert_eq!(
            format!("{:?}", Basic::new("u", "hunter2")),
            "Basic { user: \"u\", password: Some(Secret(..)) }"
        );
    }
}
