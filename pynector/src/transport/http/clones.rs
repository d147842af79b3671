//! The clones of a transport: what each has of its own, and what they share.

use std::sync::{Arc, Mutex};

use super::{HttpTransport, Inner, Shared};
use crate::call::PathValue;
use crate::client::Client;
use crate::error::Result;
use crate::options::CallOptions;
use crate::transport::capture::Capture;
use crate::transport::session::Session;

/// Where calls leave their requests instead of sending them.
pub(super) enum Captured {
    Here(Capture),
    /// Where the calls of this one leave them.
    With(HttpTransport),
}

impl HttpTransport {
    /// A clone whose calls carry `options`, on top of those it carries already.
    #[must_use]
    pub fn with_options(&self, options: CallOptions) -> Self {
        let options = options.over(self.options());
        Self(Arc::new(Inner { options: Some(Arc::new(options)), ..self.forked() }))
    }

    /// A clone whose calls write `value` for the placeholder `name` of a template, unless they bind it themselves.
    ///
    /// This is how generated clients fill a [`prefix`](macro@crate::api). A value that is empty or makes a segment `.` or
    /// `..` is the error of the calls, of kind [`Request`](crate::ErrorKind::Request).
    ///
    /// ```no_run
    /// use pynector::{HttpTransport, Operation};
    ///
    /// const USER: Operation = Operation::get("Users::user", "/tenants/{tenant}/users/{id}");
    ///
    /// # async fn run(transport: &HttpTransport) -> pynector::Result<()> {
    /// let acme = transport.with_path_value("tenant", "acme");
    /// let user: serde_json::Value = acme.call(&USER).path("id", 7).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_path_value(&self, name: &'static str, value: impl PathValue) -> Self {
        let path_values = self.path_values().with(name, &value);
        Self(Arc::new(Inner { path_values, ..self.forked() }))
    }

    /// The same of this clone itself: for generated constructors.
    #[doc(hidden)]
    pub fn path_value(self, name: &'static str, value: impl PathValue) -> Self {
        let path_values = self.path_values().with(name, &value);
        Self(Arc::new(Inner { path_values, ..self.same() }))
    }

    /// A client of another trait over the same connections and circuits; what was set on this transport wins over what
    /// the trait says.
    ///
    /// # Errors
    ///
    /// Kind [`Config`](crate::ErrorKind::Config) if a setting of the trait breaks a rule, its breaker group is registered
    /// with other numbers, or its prefix has no fitting value.
    pub fn for_client<C: Client>(self) -> Result<C> {
        let Shared { core, base, explicit, patience, keep, .. } = &*self.0.shared;
        let rungs = (explicit.clone(), &C::API, *patience);
        let shared = Shared::new(Arc::clone(core), base.clone(), rungs, *keep)?;
        shared.check_prefix(&C::API, self.path_values())?;
        Ok(C::wrap(self.over(shared)))
    }

    /// The same clone with other settings.
    pub(super) fn over(&self, shared: Shared) -> Self {
        Self(Arc::new(Inner { shared: Arc::new(shared), ..self.same() }))
    }

    /// The same clone, whose calls leave their requests in a capture of its own.
    pub(crate) fn capturing(&self) -> Self {
        let idle = self.0.idle.try_lock().ok().and_then(|mut idle| idle.take());
        idle.unwrap_or_else(|| {
            let capture = Some(Captured::Here(Capture::default()));
            Self(Arc::new(Inner { capture, ..self.same() }))
        })
    }

    /// The capture of a [capturing](Self::capturing) clone that nobody else has.
    pub(crate) fn alone(&mut self) -> Option<&mut Capture> {
        match Arc::get_mut(&mut self.0)?.capture.as_mut()? {
            Captured::Here(capture) => Some(capture),
            Captured::With(_) => None,
        }
    }

    /// Keeps a [capturing](Self::capturing) clone for the next request that is only built.
    pub(crate) fn lay_by(&self, capturing: Self) {
        if let Ok(mut idle) = self.0.idle.try_lock() {
            *idle = Some(capturing);
        }
    }

    pub(crate) fn capture(&self) -> Option<&Capture> {
        match self.0.capture.as_ref()? {
            Captured::Here(capture) => Some(capture),
            Captured::With(other) => other.capture(),
        }
    }

    /// What the same clone is, to be changed.
    fn same(&self) -> Inner {
        self.within(Arc::clone(&self.0.session))
    }

    /// What another clone is.
    fn forked(&self) -> Inner {
        self.within(Arc::new(self.0.session.fork()))
    }

    fn within(&self, session: Arc<Session>) -> Inner {
        let Inner { shared, options, path_values, capture, .. } = &*self.0;
        let capture = capture.as_ref().map(|capture| match capture {
            Captured::Here(_) => Captured::With(self.share()),
            Captured::With(other) => Captured::With(other.share()),
        });
        let (shared, path_values) = (Arc::clone(shared), path_values.clone());
        Inner { shared, options: options.clone(), path_values, session, capture, idle: Mutex::default() }
    }

    /// The same clone, for whoever works on its behalf.
    pub(crate) fn share(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

/// A clone is a conversation of its own over the same connections, and stands where this one stands.
impl Clone for HttpTransport {
    fn clone(&self) -> Self {
        Self(Arc::new(self.forked()))
    }
}
