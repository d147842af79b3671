//! Redirects: which answers are followed, what the next request keeps, and which targets are refused.

use http::{HeaderMap, HeaderName, Method, StatusCode, header};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::request::base::{Origin, redacted};

/// Which request follows a redirect.
///
/// | | `Strict`, the default | `Spec` |
/// | --- | --- | --- |
/// | becomes GET without its body | 303 but of HEAD; 301 and 302 of POST | 303 and 302 but of HEAD; 301 of POST |
/// | headers that go with the body | all that describe one | `content-length`, `transfer-encoding` |
/// | headers to another origin | `accept`, `accept-encoding`, `accept-language`, `content-type`, `range`, `if-range`, `user-agent` | all but `authorization` and `host` |
/// | `cookie` | to the same origin | dropped on every redirect |
/// | from https to http | refused | followed |
/// | a target with credentials | refused | followed without them |
/// | a circle | refused when it closes | followed as far as the limit |
/// | the limit, unless `max_redirects` says otherwise | 10 | 20 |
///
/// `Spec` is what httpx does. **It hands whatever is in your other headers, such as an API key in `x-api-key`, to
/// whichever host a server names**, and lets a server lead requests out of https. `authorization` stays only where the
/// redirect leads from `http` to `https` at the default ports of one host. httpx fills `cookie` anew from the cookies
/// that its client has collected; there is no such store here, so none is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RedirectRules {
    /// Nothing that could be a secret leaves the origin.
    #[default]
    Strict,
    /// The specification's, which are httpx's.
    Spec,
}

/// How redirects are followed; what is not set comes from the weaker levels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Redirects {
    pub(crate) follow: Option<bool>,
    pub(crate) max: Option<u32>,
    pub(crate) rules: Option<RedirectRules>,
}

impl Redirects {
    pub(crate) fn over(self, weaker: Self) -> Self {
        Self {
            follow: self.follow.or(weaker.follow),
            max: self.max.or(weaker.max),
            rules: self.rules.or(weaker.rules),
        }
    }

    pub(crate) fn rules(self) -> RedirectRules {
        self.rules.unwrap_or_default()
    }

    /// How many hops are followed; 0 means that redirects are answers like any other.
    pub(crate) fn limit(self) -> u32 {
        let usual = match self.rules() {
            RedirectRules::Strict => 10,
            RedirectRules::Spec => 20,
        };
        if self.follow.unwrap_or(true) { self.max.unwrap_or(usual) } else { 0 }
    }
}

/// Headers that may follow to another origin; everything else could be a credential.
pub(crate) const TRAVELLING: [HeaderName; 8] = [
    header::ACCEPT,
    header::ACCEPT_ENCODING,
    header::ACCEPT_LANGUAGE,
    header::CONTENT_ENCODING,
    header::CONTENT_TYPE,
    header::IF_RANGE,
    header::RANGE,
    header::USER_AGENT,
];

/// Headers that describe a body, which a request that became GET no longer has.
const BODY_HEADERS: [HeaderName; 5] = [
    header::CONTENT_TYPE,
    header::CONTENT_LENGTH,
    header::CONTENT_ENCODING,
    header::CONTENT_LANGUAGE,
    header::TRANSFER_ENCODING,
];

/// The next request of a redirected call.
#[derive(Debug, PartialEq)]
pub(crate) struct Hop {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) origin: Origin,
    pub(crate) keeps_body: bool,
    pub(crate) same_origin: bool,
    /// From http to https at the default ports of one host.
    upgraded: bool,
    rules: RedirectRules,
}

impl Hop {
    /// Whether a header of the request before goes along.
    pub(crate) fn carries(&self, name: &HeaderName) -> bool {
        match self.rules {
            RedirectRules::Strict => {
                (self.keeps_body || !BODY_HEADERS.contains(name))
                    && (self.same_origin || TRAVELLING.contains(name))
            }
            RedirectRules::Spec => match *name {
                header::COOKIE => false,
                header::CONTENT_LENGTH | header::TRANSFER_ENCODING => self.keeps_body,
                header::AUTHORIZATION => self.same_origin || self.upgraded,
                header::HOST => self.same_origin,
                _ => true,
            },
        }
    }
}

/// Whether an answer asks to go elsewhere: one of the five statuses, with a `Location` (RFC 9110 §15.4).
pub(crate) fn is_redirect(status: StatusCode, headers: &HeaderMap) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) && headers.contains_key(header::LOCATION)
}

/// Where `status` with this `Location` leads from a request of `method` to `url`.
///
/// # Errors
///
/// Says why the target is refused: not http or https, not a URL, and by the strict rules also with credentials, or from
/// https down to http.
pub(crate) fn next(
    method: &Method,
    url: &str,
    status: StatusCode,
    location: &[u8],
    rules: RedirectRules,
) -> Result<Hop, String> {
    let malformed = || "the target of the redirect is not a URL".to_owned();
    let here = Url::parse(url).map_err(|_| malformed())?;
    let location = std::str::from_utf8(location).map_err(|_| malformed())?;
    let mut target = here.join(location).map_err(|_| malformed())?;
    if target.fragment().is_none() {
        target.set_fragment(here.fragment());
    }
    let shown = redacted(target.as_str());
    let origin = Origin::of(&target)
        .ok_or_else(|| format!("the redirect leads to {shown}, which is not http or https"))?;
    let strict = rules == RedirectRules::Strict;
    if !target.username().is_empty() || target.password().is_some() {
        if strict {
            return Err(format!("the redirect to {shown} brings credentials of its own"));
        }
        // A URL that is http or https has a host, which is all that these ask for.
        let _ = target.set_username("").and_then(|()| target.set_password(None));
    }
    if strict && here.scheme() == "https" && origin.scheme == "http" {
        return Err(format!("the redirect to {shown} would leave https"));
    }
    let from = Origin::of(&here);
    let same_origin = from.as_ref().is_some_and(|from| *from == origin);
    let upgraded = from.is_some_and(|from| {
        from.host == origin.host
            && (from.scheme, from.port) == ("http", 80)
            && (origin.scheme, origin.port) == ("https", 443)
    });
    let becomes_get = match status.as_u16() {
        303 => *method != Method::HEAD,
        302 if !strict => *method != Method::HEAD,
        301 | 302 => *method == Method::POST,
        _ => false,
    };
    // A GET that had a body all along keeps it where httpx would.
    let keeps_body = !becomes_get || (!strict && *method == Method::GET);
    let method = if becomes_get { Method::GET } else { method.clone() };
    Ok(Hop { method, url: target, origin, keeps_body, same_origin, upgraded, rules })
}

#[cfg(test)]
mod tests;
