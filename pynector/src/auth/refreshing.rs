//! Tokens that run out: one is kept for all calls, and fetched anew once for all who wait for it.

use std::fmt;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use super::{Authorization, Credentials, Secret};
use crate::backend::BoxFuture;
use crate::clock;
use crate::error::{BoxError, Error, Result};

/// How long before its end a token is not used any more: about the longest that a request is under way.
const MARGIN: Duration = Duration::from_secs(30);

/// A token, and how long it is good for. The token is never shown.
#[derive(Clone, Debug)]
pub struct Token {
    secret: Secret,
    expires_in: Option<Duration>,
}

impl Token {
    /// A token that is good until a server refuses it.
    pub fn new(secret: impl Into<Secret>) -> Self {
        Self { secret: secret.into(), expires_in: None }
    }

    /// It is good for this long from now on. It is not used in the last 30 s of that, or in the last half of a shorter time.
    pub fn expires_in(mut self, time: Duration) -> Self {
        self.expires_in = Some(time);
        self
    }
}

/// Sends a bearer token, and fetches the next one when it runs out or a server refuses it with a 401.
///
/// However many calls wait for it, the token is fetched once (single flight): whoever comes while it is fetched takes what
/// comes of it, a failure too. A call that is refused with the new token as well fails with that 401. Who gives up while it
/// fetches leaves that to the next who waits.
///
/// ```
/// use std::time::Duration;
/// use pynector::HttpTransport;
/// use pynector::{Refreshing, Token};
///
/// # async fn login() -> Result<String, std::io::Error> { Ok(String::new()) }
/// let tokens = Refreshing::new(|| async {
///     Ok::<_, std::io::Error>(Token::new(login().await?).expires_in(Duration::from_secs(3600)))
/// });
/// let transport = HttpTransport::builder("https://api.example.com").auth(tokens).build()?;
/// # Ok::<(), pynector::Error>(())
/// ```
pub struct Refreshing<F> {
    fetch: F,
    held: Mutex<Held>,
    /// How many fetches have ended.
    rounds: AtomicU64,
}

#[derive(Debug, Default)]
struct Held {
    token: Option<(Authorization, Option<Instant>)>,
    /// What the last fetch came to, if it was nothing.
    failure: Option<Error>,
}

impl Held {
    fn usable(&self, rejected: Option<&Authorization>) -> Option<Authorization> {
        let (token, until) = self.token.as_ref()?;
        let fresh = until.is_none_or(|until| clock::now() < until);
        (fresh && rejected != Some(token)).then(|| token.clone())
    }

    fn outcome(&self) -> Result<Authorization> {
        match (&self.failure, &self.token) {
            (Some(failure), _) => Err(failure.clone()),
            (None, Some((token, _))) => Ok(token.clone()),
            (None, None) => Err(Error::credentials("there is no token")),
        }
    }
}

impl<F, Fut, E> Refreshing<F>
where
    F: Fn() -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<Token, E>> + Send + 'static,
    E: Into<BoxError> + 'static,
{
    /// Gets tokens from `fetch`.
    pub fn new(fetch: F) -> Self {
        Self { fetch, held: Mutex::default(), rounds: AtomicU64::new(0) }
    }

    async fn get(&self, rejected: Option<&Authorization>) -> Result<Authorization> {
        let before = self.rounds.load(Ordering::Acquire);
        let mut held = self.held.lock().await;
        if let Some(token) = held.usable(rejected) {
            return Ok(token);
        }
        // Somebody has fetched while this call waited; to do so again would not end otherwise.
        if self.rounds.load(Ordering::Acquire) != before {
            return held.outcome();
        }
        let fetched = (self.fetch)().await.map_err(Into::into);
        // A token that cannot be sent is a failure like any other, so that whoever waits does not fetch it again.
        let fetched = fetched.and_then(|token| Ok((Authorization::bearer(token.secret)?, token.expires_in)));
        match fetched {
            Ok((token, expires_in)) => {
                let until = expires_in.and_then(|time| {
                    let margin = MARGIN.min(time / 2);
                    clock::after(clock::now(), time.saturating_sub(margin))
                });
                held.token = Some((token, until));
                held.failure = None;
            }
            Err(error) => held.failure = Some(Error::credentials(error)),
        }
        self.rounds.fetch_add(1, Ordering::Release);
        held.outcome()
    }
}

impl<F, Fut, E> Credentials for Refreshing<F>
where
    F: Fn() -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<Token, E>> + Send + 'static,
    E: Into<BoxError> + 'static,
{
    fn authorize<'a>(&'a self, rejected: Option<&'a Authorization>) -> BoxFuture<'a, Result<Authorization>> {
        Box::pin(self.get(rejected))
    }
}

impl<F> fmt::Debug for Refreshing<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Refreshing")
    }
}
