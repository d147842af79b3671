//! Tokens by the client credentials grant of OAuth 2.0 (RFC 6749 §4.4).

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use serde::Deserialize;
use url::form_urlencoded::byte_serialize;

use crate::auth::{Authorization, Basic, Credentials, Refreshing, Secret, Token};
use crate::backend::BoxFuture;
use crate::error::{Error, Result};
use crate::operation::Operation;
use crate::options::CallOptions;
use crate::transport::http::HttpTransport;

/// Asking for a token twice does no harm, so that it is retried like a GET.
const TOKEN: Operation = Operation::post("OAuth2::token", "").idempotent();

/// Gets tokens for a client by its own credentials, and renews them as [`Refreshing`] does. It follows no redirect of the token
/// endpoint, which could take the secret elsewhere.
///
/// ```
/// use pynector::HttpTransport;
/// use pynector::OAuth2;
///
/// let tokens = OAuth2::client_credentials("https://login.example.com/oauth/token", "client", "secret")
///     .scope("orders:read orders:write")
///     .build()?;
/// let transport = HttpTransport::builder("https://api.example.com").auth(tokens).build()?;
/// # Ok::<(), pynector::Error>(())
/// ```
pub struct OAuth2(Refreshing<Fetch>);

type Fetch = Box<dyn Fn() -> BoxFuture<'static, Result<Token>> + Send + Sync>;

impl OAuth2 {
    /// Starts with the token endpoint, and the client's identifier and secret. The secret is sent to the endpoint alone.
    pub fn client_credentials(
        token_url: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: impl Into<Secret>,
    ) -> OAuth2Builder {
        OAuth2Builder {
            token_url: token_url.into(),
            client_id: client_id.into(),
            client_secret: client_secret.into(),
            scope: None,
            in_body: false,
            transport: None,
        }
    }
}

impl Credentials for OAuth2 {
    fn authorize<'a>(&'a self, rejected: Option<&'a Authorization>) -> BoxFuture<'a, Result<Authorization>> {
        self.0.authorize(rejected)
    }
}

impl fmt::Debug for OAuth2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OAuth2")
    }
}

/// What a token is asked for with; see [`OAuth2::client_credentials`].
#[derive(Clone, Debug)]
pub struct OAuth2Builder {
    token_url: String,
    client_id: String,
    client_secret: Secret,
    scope: Option<String>,
    in_body: bool,
    transport: Option<HttpTransport>,
}

impl OAuth2Builder {
    /// Asks for these scopes, separated by spaces. Default: those that the server gives by itself.
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scope = Some(scope.into());
        self
    }

    /// Sends the client's identifier and secret as form fields instead of by Basic authentication, which servers prefer
    /// (RFC 6749 §2.3.1).
    pub fn in_body(mut self) -> Self {
        self.in_body = true;
        self
    }

    /// Asks over `transport` instead of one of its own: for other timeouts, certificates or proxies. Its base URL must be of
    /// the origin of the token endpoint.
    pub fn over(mut self, transport: HttpTransport) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Checks the URL; no token is asked for yet.
    ///
    /// # Errors
    ///
    /// Kind [`Config`](crate::ErrorKind::Config) if the token URL is none.
    pub fn build(mut self) -> Result<OAuth2> {
        let transport = match self.transport.take() {
            Some(transport) => transport,
            None => HttpTransport::builder(&self.token_url).build()?,
        };
        // A form that is sent on elsewhere would take the secret with it.
        let transport = transport.with_options(CallOptions::new().max_redirects(0));
        let fetch = move || -> BoxFuture<'static, Result<Token>> {
            let (asked, transport) = (self.clone(), transport.share());
            Box::pin(async move { asked.fetch(&transport).await })
        };
        Ok(OAuth2(Refreshing::new(Box::new(fetch) as Fetch)))
    }

    async fn fetch(self, transport: &HttpTransport) -> Result<Token> {
        let mut call = transport.call(&TOKEN).url(&self.token_url).form("grant_type", "client_credentials");
        let Secret(secret) = self.client_secret;
        call = if self.in_body {
            call.form("client_id", &self.client_id).form("client_secret", &secret)
        } else {
            let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
            call.basic(Basic::new(encoded(&self.client_id), encoded(&secret)))
        };
        let answer: Bytes = call.form("scope", &self.scope).send().await?;
        // What does not decode is not quoted: there may be a token in it.
        let granted: Granted = serde_json::from_slice(&answer).map_err(|_| {
            Error::credentials("the token endpoint's answer is not that of RFC 6749 \u{a7}5.1")
        })?;
        if !granted.token_type.eq_ignore_ascii_case("bearer") {
            return Err(Error::credentials("the token that the server gave is no bearer token"));
        }
        let token = Token::new(granted.access_token);
        Ok(match granted.expires_in.time() {
            Some(time) => token.expires_in(time),
            None => token,
        })
    }
}

/// What the server answers (RFC 6749 §5.1).
#[derive(Deserialize)]
struct Granted {
    access_token: String,
    token_type: String,
    /// A number; some servers send it as text.
    #[serde(default)]
    expires_in: Seconds,
}

#[derive(Default, Deserialize)]
#[serde(untagged)]
enum Seconds {
    Number(u64),
    Text(String),
    #[default]
    Unsaid,
}

impl Seconds {
    fn time(&self) -> Option<Duration> {
        let seconds = match self {
            Self::Number(seconds) => Some(*seconds),
            Self::Text(text) => text.trim().parse().ok(),
            Self::Unsaid => None,
        };
        seconds.map(Duration::from_secs)
    }
}
