//! The hosts of this backend: the one that was asked first, as a rule that of the base URL, is found without hashing.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use http::Uri;

use super::host::{Host, Keeping};
use super::{is_https, unsendable};
use crate::backend::BackendError;
use crate::connection::ConnectionOptions;

/// Beyond so many hosts those are forgotten that have no connection.
const HOSTS: usize = 1024;

/// All hosts.
#[derive(Debug)]
pub(super) struct Pool {
    first: OnceLock<Arc<Host>>,
    /// Those without TLS, and those with.
    others: [RwLock<HashMap<Box<str>, Arc<Host>>>; 2],
    keeping: Keeping,
}

impl Pool {
    pub(super) fn new(options: &ConnectionOptions) -> Self {
        Self { first: OnceLock::new(), others: Default::default(), keeping: Keeping::of(options) }
    }

    /// The host of `uri`.
    ///
    /// # Errors
    ///
    /// A URL without a host, or with one that no header can hold.
    pub(super) fn host(&self, uri: &Uri) -> Result<Arc<Host>, BackendError> {
        let name = uri.authority().ok_or_else(|| unsendable("a URL without a host"))?.as_str();
        let https = is_https(uri);
        match self.first.get() {
            Some(first) if first.is(name, https) => return Ok(Arc::clone(first)),
            Some(_) => {}
            None => {
                let made = Host::new(name, https, self.keeping)?;
                let first = self.first.get_or_init(|| made);
                if first.is(name, https) {
                    return Ok(Arc::clone(first));
                }
            }
        }
        let [plain, tls] = &self.others;
        let hosts = if https { tls } else { plain };
        if let Some(host) = hosts.read().unwrap_or_else(PoisonError::into_inner).get(name) {
            return Ok(Arc::clone(host));
        }
        let mut hosts = hosts.write().unwrap_or_else(PoisonError::into_inner);
        if hosts.len() >= HOSTS {
            hosts.retain(|_, host| Arc::strong_count(host) > 1 || !host.is_unconnected());
        }
        let made = Host::new(name, https, self.keeping)?;
        Ok(Arc::clone(hosts.entry(name.into()).or_insert(made)))
    }

    /// How many hosts are known.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        let others =
            self.others.iter().map(|hosts| hosts.read().unwrap_or_else(PoisonError::into_inner).len());
        others.sum::<usize>() + usize::from(self.first.get().is_some())
    }
}
