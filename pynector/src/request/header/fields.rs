//! Headers as they are sent, shared by the attempts of a call.

use std::fmt;
use std::sync::Arc;

use http::header::MaxSizeReached;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::{CREDENTIALS, Headers};
use crate::error::{Error, ErrorKind, Result};

/// What one attempt after the other sends. Cheap to clone; a change copies it.
#[derive(Clone, Default)]
pub(crate) struct Fields(Arc<HeaderMap>);

impl Fields {
    pub(super) fn new(headers: Vec<(HeaderName, HeaderValue)>) -> Result<Self> {
        let mut map = HeaderMap::with_capacity(headers.len());
        for (name, value) in headers {
            map.try_append(name, value).map_err(too_many)?;
        }
        Ok(Self(Arc::new(map)))
    }

    /// Puts what a nearer level says on top: of the same names these say nothing.
    ///
    /// # Errors
    ///
    /// Kind `Request` if there are too many, or one of them may not be repeated.
    pub(crate) fn below(mut self, nearer: Headers) -> Result<Self> {
        if nearer.is_empty() {
            return Ok(self);
        }
        nearer.check()?;
        let map = Arc::make_mut(&mut self.0);
        for (name, _) in &nearer.0 {
            map.remove(name);
        }
        for (name, value) in nearer.0 {
            map.try_append(name, value).map_err(too_many)?;
        }
        Ok(self)
    }

    pub(crate) fn contains(&self, name: &HeaderName) -> bool {
        self.0.contains_key(name)
    }

    pub(crate) fn count(&self, name: &HeaderName) -> usize {
        self.0.get_all(name).iter().count()
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
        Arc::make_mut(&mut self.0).try_insert(name, value).map_err(too_many)?;
        Ok(())
    }

    pub(crate) fn remove(&mut self, name: &HeaderName) {
        Arc::make_mut(&mut self.0).remove(name);
    }

    pub(crate) fn retain(&mut self, keep: impl Fn(&HeaderName) -> bool) {
        let kept = self.0.iter().filter(|(name, _)| keep(name));
        self.0 = Arc::new(kept.map(|(name, value)| (name.clone(), value.clone())).collect());
    }

    /// All of them.
    pub(crate) fn map(&self) -> &HeaderMap {
        &self.0
    }
}

fn too_many(_: MaxSizeReached) -> Error {
    Error::new(ErrorKind::Request, "the request has more headers than any server takes")
}

/// Names only: a value may be a secret.
impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
