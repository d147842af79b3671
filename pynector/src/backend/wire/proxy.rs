//! Which requests go through which proxy: as the program says, or the environment.

use http::uri::Scheme;
use http::{StatusCode, Uri};
use hyper_util::client::proxy::matcher::Matcher;
use url::Url;

use crate::backend::{BackendError, Explained};
use crate::connection::{ConnectionOptions, Proxy, proxy_name};
use crate::error::{Error, Result};
use crate::policy::classify::Failure;

const RULE: &str = "be the URL of an http or https proxy, such as `http://proxy:3128`, with nothing behind the port; \
                    signs such as `#` or `@` in a password are percent-encoded";

/// Hosts that the proxies of the environment are not for: what listens there, no proxy elsewhere can reach (RFC 6761
/// §6.3 for `localhost`).
const LOOPBACK: &str = "localhost,127.0.0.0/8,::1";

/// The proxies of one client, and who goes around them.
#[derive(Debug)]
pub(in crate::backend) struct Proxies {
    /// The same rules as reqwest's own, which it does not show.
    pub(in crate::backend) matcher: Matcher,
    /// What reqwest is told, which reads it itself.
    #[cfg(feature = "reqwest")]
    pub(in crate::backend) routes: Routes,
}

pub(in crate::backend) struct Routes {
    pub(in crate::backend) http: Option<Url>,
    pub(in crate::backend) https: Option<Url>,
    /// Hosts that are asked directly, as `NO_PROXY` writes them.
    pub(in crate::backend) direct: String,
}

/// The URLs may hold passwords.
impl std::fmt::Debug for Routes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.direct)
    }
}

impl Proxies {
    /// The proxies that `options` name, or else the environment, as `lookup` reads it.
    ///
    /// # Errors
    ///
    /// Kind `Config`, without the value, for a URL that is no proxy.
    pub(in crate::backend) fn resolve(
        options: &ConnectionOptions,
        lookup: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Option<Self>> {
        let routes = match &options.proxy {
            Proxy::Off => return Ok(None),
            Proxy::Url(url) => {
                let url = parse("proxy", url)?;
                Routes { http: Some(url.clone()), https: Some(url), direct: String::new() }
            }
            Proxy::Unsaid if options.proxy_from_env == Some(false) => return Ok(None),
            Proxy::Unsaid => Routes::from_environment(lookup)?,
        };
        if routes.http.is_none() && routes.https.is_none() {
            return Ok(None);
        }
        let text = |url: &Option<Url>| url.as_ref().map(Url::to_string).unwrap_or_default();
        let matcher = Matcher::builder()
            .http(text(&routes.http))
            .https(text(&routes.https))
            .no(routes.direct.clone())
            .build();
        Ok(Some(Self {
            matcher,
            #[cfg(feature = "reqwest")]
            routes,
        }))
    }

    /// The proxy for `uri`, without its credentials.
    pub(in crate::backend) fn name(&self, uri: &Uri) -> Option<String> {
        self.matcher.intercept(uri).map(|proxy| proxy_name(&proxy.uri().to_string()))
    }

    /// What an answer of `status` to a request for `uri` is where the proxy has written it: for `https://` the same
    /// refusal is no answer at all.
    pub(in crate::backend) fn refusal(&self, status: StatusCode, uri: &Uri) -> Option<BackendError> {
        let asked =
            status == StatusCode::PROXY_AUTHENTICATION_REQUIRED && uri.scheme() == Some(&Scheme::HTTP);
        let proxy = self.name(uri).filter(|_| asked)?;
        let words = Explained::at_proxy(proxy, "proxy authentication required");
        Some(BackendError::with_source(Failure::ProxyAuth, words))
    }
}

impl Routes {
    fn from_environment(lookup: &dyn Fn(&str) -> Option<String>) -> Result<Self> {
        let none = Self { http: None, https: None, direct: String::new() };
        // Under CGI a client of ours sets HTTP_PROXY by sending a header `proxy` (CVE-2016-5385).
        if lookup("REQUEST_METHOD").is_some() {
            return Ok(none);
        }
        let first = |names: [&'static str; 2]| {
            let found = names.into_iter().find_map(|name| lookup(name).map(|value| (name, value)));
            found.filter(|(_, value)| !value.is_empty())
        };
        let read = |found: Option<(&'static str, String)>| found.map(|(name, value)| variable(name, &value));
        let all = first(["ALL_PROXY", "all_proxy"]);
        let http = first(["HTTP_PROXY", "http_proxy"]).or_else(|| all.clone());
        let https = first(["HTTPS_PROXY", "https_proxy"]).or(all);
        let bypass = first(["NO_PROXY", "no_proxy"]).map(|(_, hosts)| hosts).unwrap_or_default();
        Ok(Self {
            http: read(http).transpose()?,
            https: read(https).transpose()?,
            direct: format!("{bypass},{LOOPBACK}"),
        })
    }
}

/// A variable of the environment; one that is not Unicode is still there, so that it is refused and not overlooked.
pub(in crate::backend) fn environment(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

/// What a variable of the environment says; a scheme may be left out there, as curl has it.
fn variable(name: &'static str, value: &str) -> Result<Url> {
    if value.contains("://") { parse(name, value) } else { parse(name, &format!("http://{value}")) }
}

fn parse(field: &'static str, text: &str) -> Result<Url> {
    // The whole value may be a password that does not parse, so none of it is quoted.
    let refuse = || Error::config(field, "not shown, since it may hold credentials,", RULE);
    let url = Url::parse(text).map_err(|_| refuse())?;
    let bare = matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
    let known =
        matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.is_empty());
    if bare && known { Ok(url) } else { Err(refuse()) }
}

#[cfg(test)]
mod tests;
