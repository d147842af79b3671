//! Headers as they are sent, shared by the attempts of a call.

use std::fmt;
use std::sync::Arc;

use http::header::MaxSizeReached;
use http::{HeaderMap, HeaderName, HeaderValue, header};

use super::{CREDENTIALS, Headers};
use crate::error::{Error, ErrorKind, Result};

/// What one attempt after the other sends. Cheap to clone; a change copies it.
#[derive(Clone, Default)]
pub(crate) struct Fields {
    map: Arc<HeaderMap>,
    /// Whether `host` stands there by [`address`](Self::address) alone.
    addressed: bool,
}

impl Fields {
    pub(super) fn new(headers: Vec<(HeaderName, HeaderValue)>) -> Result<Self> {
        let mut map = HeaderMap::with_capacity(headers.len() + 1);
        for (name, value) in headers {
            map.try_append(name, value).map_err(too_many)?;
        }
        Ok(Self { map: Arc::new(map), addressed: false })
    }

    /// Puts the `host` first (RFC 9110 §7.2), which backends would put there else, at each attempt anew: a copy of a map has no
    /// room.
    pub(crate) fn address(&mut self, host: HeaderValue) {
        if !self.contains(&header::HOST) {
            let mut map = HeaderMap::with_capacity(self.map.len() + 1);
            map.insert(header::HOST, host);
            map.extend(self.to_map());
            *self = Self { map: Arc::new(map), addressed: true };
        }
    }

    /// Those that somebody said.
    pub(crate) fn said(&self) -> HeaderMap {
        let mut said = self.to_map();
        if self.addressed {
            said.remove(header::HOST);
        }
        said
    }

    /// Puts what a nearer level says on top: of the same names these say nothing.
    ///
    /// # Errors
    ///
    /// Kind `Request` if there are too many, or one of them may not be repeated.
    #[inline]
    pub(crate) fn below(mut self, nearer: Headers) -> Result<Self> {
        if nearer.is_empty() {
            return Ok(self);
        }
        nearer.check()?;
        let map = Arc::make_mut(&mut self.map);
        for (name, _) in &nearer.0 {
            self.addressed &= *name != header::HOST;
            map.remove(name);
        }
        for (name, value) in nearer.0 {
            map.try_append(name, value).map_err(too_many)?;
        }
        Ok(self)
    }

    pub(crate) fn contains(&self, name: &HeaderName) -> bool {
        self.map.contains_key(name)
    }

    pub(crate) fn count(&self, name: &HeaderName) -> usize {
        self.map.get_all(name).iter().count()
    }

    /// Adds a header, unless there is one of its name.
    ///
    /// # Errors
    ///
    /// Kind `Request` if there are too many.
    pub(crate) fn or(&mut self, name: HeaderName, value: HeaderValue) -> Result<()> {
        if self.contains(&name) { Ok(()) } else { self.set(name, value) }
    }

    /// Replaces every header of this name by one.
    ///
    /// # Errors
    ///
    /// Kind `Request` if there are too many.
    pub(crate) fn set(&mut self, name: HeaderName, mut value: HeaderValue) -> Result<()> {
        if CREDENTIALS.contains(&name) {
            value.set_sensitive(true);
        }
        Arc::make_mut(&mut self.map).try_insert(name, value).map_err(too_many)?;
        Ok(())
    }

    pub(crate) fn remove(&mut self, name: &HeaderName) {
        Arc::make_mut(&mut self.map).remove(name);
    }

    /// Keeps those that `keep` names, and no `host` that nobody said: the request may go elsewhere.
    pub(crate) fn retain(&mut self, keep: impl Fn(&HeaderName) -> bool) {
        let said = self.said();
        let kept = said.iter().filter(|(name, _)| keep(name));
        let map = kept.map(|(name, value)| (name.clone(), value.clone())).collect();
        *self = Self { map: Arc::new(map), addressed: false };
    }

    /// All of them.
    pub(crate) fn to_map(&self) -> HeaderMap {
        (*self.map).clone()
    }

    /// The same where nothing else is wanted of them.
    #[inline]
    pub(crate) fn into_map(self) -> HeaderMap {
        Arc::unwrap_or_clone(self.map)
    }
}

fn too_many(_: MaxSizeReached) -> Error {
    Error::new(ErrorKind::Request, "the request has more headers than any server takes")
}

/// Names only: a value may be a secret.
impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.map.keys()).finish()
    }
}
