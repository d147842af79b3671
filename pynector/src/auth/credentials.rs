//! What the attempts of a client are authorised by, and who is asked for it.

use std::fmt;
use std::sync::Arc;

use http::{HeaderName, HeaderValue, Uri};

use super::{BasicCredentials, Credential, Secret, api_key, basic, bearer, unprintable};
use crate::backend::BoxFuture;
use crate::error::{Error, ErrorKind, Result};
use crate::request::header::{Fields, parse_name};
use crate::request::replace;

/// Authorises the attempts of a client; see [`ClientBuilder::auth`](crate::ClientBuilder::auth).
///
/// It is asked once for each attempt (BOD-10), so a token that was renewed meanwhile is used by the next attempt. An
/// [`Authorization`] is one that always gives itself; [`Refreshing`](crate::Refreshing) keeps a token and fetches the next
/// one for all calls together; [`OAuth2`](crate::OAuth2) gets tokens by the client credentials grant.
///
/// ```
/// use pynector::Result;
/// use pynector::{Authorization, Credentials};
/// use pynector::backend::BoxFuture;
///
/// /// Reads the token anew each time, from where another process renews it.
/// #[derive(Debug)]
/// struct FromFile(std::path::PathBuf);
///
/// impl Credentials for FromFile {
///     fn authorize<'a>(&'a self, _: Option<&'a Authorization>) -> BoxFuture<'a, Result<Authorization>> {
///         Box::pin(async {
///             let token = std::fs::read_to_string(&self.0).map_err(pynector::Error::credentials)?;
///             Authorization::bearer(token.trim())
///         })
///     }
/// }
/// ```
pub trait Credentials: fmt::Debug + Send + Sync + 'static {
    /// What the next attempt is authorised by.
    ///
    /// `rejected` is what the server has just refused with a 401. If the answer is the same again, the call fails with that
    /// 401; otherwise it is sent once more. The time that this takes counts against the deadline of the call.
    ///
    /// # Errors
    ///
    /// Whatever keeps it from an answer, by [`Error::credentials`]. The call fails with it.
    fn authorize<'a>(&'a self, rejected: Option<&'a Authorization>) -> BoxFuture<'a, Result<Authorization>>;
}

impl<C: Credentials + ?Sized> Credentials for Arc<C> {
    fn authorize<'a>(&'a self, rejected: Option<&'a Authorization>) -> BoxFuture<'a, Result<Authorization>> {
        (**self).authorize(rejected)
    }
}

/// One credential as it is sent: a header, or a query parameter. Its value is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Authorization(Place);

#[derive(Clone, PartialEq, Eq)]
enum Place {
    Header(HeaderName, HeaderValue),
    Query(String, Secret),
}

impl Authorization {
    /// `authorization: Bearer …` (RFC 6750).
    ///
    /// # Errors
    ///
    /// Kind [`Request`](ErrorKind::Request) if the token cannot stand in a header.
    pub fn bearer(token: impl Credential) -> Result<Self> {
        Ok(Self(Place::Header(http::header::AUTHORIZATION, bearer(token)?)))
    }

    /// `authorization: Basic …` (RFC 7617).
    ///
    /// # Errors
    ///
    /// Kind [`Request`](ErrorKind::Request) if the user holds a colon.
    pub fn basic(credentials: impl BasicCredentials) -> Result<Self> {
        Ok(Self(Place::Header(http::header::AUTHORIZATION, basic(credentials)?)))
    }

    /// A key in a header of its own, such as `x-api-key`.
    ///
    /// # Errors
    ///
    /// Kind [`Request`](ErrorKind::Request) if one of the two cannot stand in a header.
    pub fn header(name: impl AsRef<str>, key: impl Credential) -> Result<Self> {
        let name = name.as_ref();
        Ok(Self(Place::Header(parse_name(name)?, api_key(name, key)?)))
    }

    /// A key in the query, for APIs that want it there. Servers log queries; prefer a header where there is a choice.
    ///
    /// # Errors
    ///
    /// Kind [`Request`](ErrorKind::Request) if the key cannot be displayed.
    pub fn query(name: impl Into<String>, key: impl Credential) -> Result<Self> {
        Ok(Self(Place::Query(name.into(), Secret(key.reveal().map_err(unprintable)?))))
    }

    /// Adds it to a request, unless the call has said itself what stands in its place: the nearer level wins. Says whether it is
    /// sent, so that the server's answer is about it.
    pub(crate) fn apply(&self, headers: &mut Fields, uri: &mut Uri) -> Result<bool> {
        match &self.0 {
            Place::Header(name, _) if headers.contains(name) => Ok(false),
            Place::Header(name, value) => {
                headers.set(name.clone(), value.clone())?;
                Ok(true)
            }
            Place::Query(name, key) => {
                // The URL of a next page repeats the key of the page before.
                let url = replace::set(&uri.to_string(), name, &key.0);
                *uri = url.parse().map_err(|_| Error::new(ErrorKind::Request, "the key makes no URL"))?;
                Ok(true)
            }
        }
    }
}

/// A credential that never changes.
impl Credentials for Authorization {
    fn authorize<'a>(&'a self, _: Option<&'a Authorization>) -> BoxFuture<'a, Result<Authorization>> {
        Box::pin(std::future::ready(Ok(self.clone())))
    }
}

/// Its place alone.
impl fmt::Debug for Authorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Place::Header(name, _) => write!(f, "Authorization(header {name})"),
            Place::Query(name, _) => write!(f, "Authorization(query {name})"),
        }
    }
}
