//! One host, and the connections to it: a shelf of those that are idle, or the one that carries all calls in HTTP/2.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, Weak};
use std::time::Duration;

use http::{HeaderValue, Uri};
use hyper::client::conn::{http1, http2};
use hyper_util::rt::TokioExecutor;
use tokio::time::Instant;

use super::connect::{Connector, Link, Stream};
use super::connection::{Connection, Own, Shared};
use super::shelf::Shelf;
use super::unsendable;
use crate::backend::BackendError;
use crate::backend::wire::POOL_IDLE;
use crate::clock;
use crate::connection::ConnectionOptions;
use crate::error::BoxError;

/// How connections are kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Keeping {
    /// For how long, where nobody uses them.
    idle: Option<Duration>,
    /// How many of these for each host.
    most: usize,
    /// Whether HTTP/2 is spoken with everybody.
    http2: bool,
}

impl Keeping {
    pub(super) fn of(options: &ConnectionOptions) -> Self {
        Self {
            idle: options.pool_idle_timeout.or(POOL_IDLE),
            most: options.pool_max_idle_per_host.unwrap_or(usize::MAX),
            http2: options.http2_prior_knowledge == Some(true),
        }
    }
}

pub(super) struct Host {
    /// What its header `host` says.
    name: HeaderValue,
    https: bool,
    keeping: Keeping,
    idle: Shelf<Own>,
    /// The connection that carries all calls. Those of HTTP/2 read it side by side; all others do not pass here.
    shared: RwLock<Option<Shared>>,
    /// Whether HTTP/2 was spoken with it last, so that one connection is enough.
    speaks_http2: AtomicBool,
    /// Taken by who makes that one.
    turn: tokio::sync::Mutex<()>,
    opened: AtomicU64,
    /// Whether somebody looks for connections that were idle for too long.
    swept: AtomicBool,
}

impl Host {
    /// # Errors
    ///
    /// A name that no header can hold.
    pub(super) fn new(name: &str, https: bool, keeping: Keeping) -> Result<Arc<Self>, BackendError> {
        let name = HeaderValue::from_str(name).map_err(|_| unsendable("a host that no header can hold"))?;
        Ok(Arc::new(Self {
            name,
            https,
            keeping,
            idle: Shelf::new(keeping.most),
            shared: RwLock::default(),
            speaks_http2: AtomicBool::new(keeping.http2),
            turn: tokio::sync::Mutex::default(),
            opened: AtomicU64::new(0),
            swept: AtomicBool::new(false),
        }))
    }

    pub(super) fn is(&self, name: &str, https: bool) -> bool {
        self.https == https && self.name.as_bytes() == name.as_bytes()
    }

    pub(super) fn name(&self) -> &HeaderValue {
        &self.name
    }

    /// A connection that is there: the shared one, or else one that was used lately, since it is the least likely to have
    /// been closed. Who has looked at the clock just now says what it was.
    pub(super) fn ready(&self, now: Option<Instant>) -> Option<Connection> {
        if let Some(shared) = self.shared() {
            return Some(Connection::Shared(shared));
        }
        while let Some(own) = self.idle.take() {
            if self.is_usable(&own, now) {
                return Some(Connection::Own(own));
            }
        }
        None
    }

    /// Whether it is neither closed nor was idle for too long.
    fn is_usable(&self, own: &Own, now: Option<Instant>) -> bool {
        let end = self.keeping.idle.and_then(|idle| clock::after(own.since(), idle));
        own.is_ready() && end.is_none_or(|end| now.unwrap_or_else(clock::now) < end)
    }

    /// The connection that carries all calls, if there is one.
    pub(super) fn shared(&self) -> Option<Shared> {
        if !self.speaks_http2.load(Ordering::Relaxed) {
            return None;
        }
        let shared = self.shared.read().unwrap_or_else(PoisonError::into_inner);
        shared.as_ref().filter(|shared| shared.is_ready()).cloned()
    }

    /// Waits until nobody else makes the connection that carries all calls; at once where each makes its own.
    pub(super) async fn turn(&self) -> Option<tokio::sync::MutexGuard<'_, ()>> {
        if self.speaks_http2.load(Ordering::Relaxed) { Some(self.turn.lock().await) } else { None }
    }

    /// A new connection.
    pub(super) async fn open(&self, connector: &Connector, uri: &Uri) -> Result<Connection, BoxError> {
        let Link { stream, http2, proxied } = connector.connect(uri).await?;
        self.speaks_http2.store(http2, Ordering::Relaxed);
        if http2 {
            return self.open_shared(stream).await;
        }
        let (sender, driver) = http1::handshake(stream).await?;
        // What it says in the end has been said to the call that it carried.
        tokio::spawn(async move { driver.await.unwrap_or_default() });
        Ok(Connection::Own(Box::new(Own::new(sender, proxied))))
    }

    async fn open_shared(&self, stream: Box<dyn Stream>) -> Result<Connection, BoxError> {
        let (sender, driver) = http2::handshake(TokioExecutor::new(), stream).await?;
        tokio::spawn(async move { driver.await.unwrap_or_default() });
        let number = self.opened.fetch_add(1, Ordering::Relaxed) + 1;
        let shared = Shared::new(sender, number);
        *self.shared.write().unwrap_or_else(PoisonError::into_inner) = Some(shared.clone());
        Ok(Connection::Shared(shared))
    }

    /// Takes a connection back that can carry another call.
    pub(super) fn keep(self: &Arc<Self>, mut own: Box<Own>) {
        own.rests();
        if self.idle.put(own)
            && let Some(every) = self.keeping.idle
            && !self.swept.load(Ordering::SeqCst)
            && !self.swept.swap(true, Ordering::SeqCst)
        {
            tokio::spawn(sweep(Arc::downgrade(self), every));
        }
    }

    /// Forgets the shared connection of this number, which takes no call any more.
    pub(super) fn forget(&self, number: u64) {
        let mut shared = self.shared.write().unwrap_or_else(PoisonError::into_inner);
        if shared.as_ref().is_some_and(|shared| shared.number() == number) {
            *shared = None;
        }
    }

    pub(super) fn is_unconnected(&self) -> bool {
        self.idle.is_empty() && self.shared().is_none()
    }

    #[cfg(test)]
    pub(super) fn idle_count(&self) -> usize {
        self.idle.len()
    }

    /// Lets go what was idle for too long, or was closed; whether there is anything left to look at.
    fn let_go(&self) -> bool {
        self.idle.retain(|own| self.is_usable(own, None));
        if !self.idle.is_empty() {
            return true;
        }
        self.swept.store(false, Ordering::SeqCst);
        // Whoever keeps one from now on finds that nobody looks. Who was earlier has not found it, and is found here.
        !self.idle.is_empty() && !self.swept.swap(true, Ordering::SeqCst)
    }
}

/// Looks from time to time, as long as there is something to look at.
async fn sweep(host: Weak<Host>, every: Duration) {
    loop {
        clock::sleep(every).await;
        if !host.upgrade().is_some_and(|host| host.let_go()) {
            return;
        }
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Host")
            .field("name", &self.name)
            .field("https", &self.https)
            .field("idle", &self.idle.len())
            .field("speaks_http2", &self.speaks_http2)
            .finish_non_exhaustive()
    }
}
