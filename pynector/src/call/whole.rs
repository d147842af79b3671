//! The links that concern a whole call: its URL, and its options.

use std::borrow::{Borrow, Cow};
use std::sync::Arc;

use http::Uri;
use url::Url;

use super::Call;
use crate::error::{Error, ErrorKind};
use crate::options::CallOptions;
use crate::request::relative;
use crate::request::template::Target;

/// The whole of a call.
impl Call {
    /// Calls `url` instead of a path; the operation's own must be empty. It stands before the query, which is appended.
    ///
    /// The URL is resolved against the base URL with a `/` at the end of its path (RFC 3986 §5.2): under a base of
    /// `http://h/v1`, `items` is `http://h/v1/items`, and `/items` is `http://h/items`. A fragment, credentials, control
    /// characters and a segment `.` or `..` are errors. So is another origin, unless
    /// [`any_origin`](CallOptions::any_origin) allows it; it gets the headers of this call then, and of all others only
    /// `accept`, `accept-encoding`, `accept-language`, `content-type`, `range`, `if-range` and `user-agent`.
    ///
    /// ```no_run
    /// # use pynector::{HttpTransport, Operation, Result};
    /// const NEXT: Operation = Operation::get("Items::next", "");
    ///
    /// # async fn run(transport: &HttpTransport) -> Result<Vec<String>> {
    /// transport.call(&NEXT).url("https://api.example.com/items?page=2").query("size", &50).send().await
    /// # }
    /// ```
    pub fn url(self, url: impl UrlValue) -> Self {
        self.bind(|call| {
            let refuse = |why: &'static str| Err(Error::new(ErrorKind::Request, why));
            if !call.plan.operation().template().is_empty() {
                return refuse("the operation has a path, so it takes no URL");
            }
            if *call.target.query().1 {
                return refuse("the URL was given after the query, which is appended to it");
            }
            let resolved = relative::reference(call.transport.base(), &url.as_text())?;
            call.target = Target::of_url(resolved.url, resolved.has_query);
            if resolved.origin.is_some() || call.is_elsewhere() {
                call.rare().elsewhere = resolved.origin.map(Arc::new);
            }
            Ok(())
        })
    }

    /// Sets options for this call alone, on top of those that its client carries; `None` sets none.
    ///
    /// A setting that breaks a rule is the error of the call, of kind [`Config`](ErrorKind::Config).
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # use pynector::{CallOptions, HttpTransport, Operation, Result};
    /// # const REPORT: Operation = Operation::get("Reports::report", "/report");
    /// # async fn run(transport: &HttpTransport) -> Result<String> {
    /// let patient = CallOptions::new().timeout(Duration::from_secs(50));
    /// transport.call(&REPORT).call_options(patient).send().await
    /// # }
    /// ```
    pub fn call_options(self, options: impl CallOptionsValue) -> Self {
        self.bind(|call| {
            if let Some(options) = options.into_options() {
                let options = options.over(call.options());
                call.rare().options = Some(Box::new(options));
            }
            Ok(())
        })
    }
}

/// What may be the URL of a call: text, a [`Url`], a [`Uri`], or a reference to one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no URL",
    label = "neither text, a `Url` nor a `Uri`",
    note = "pass a `&str`, a `String`, a `pynector::url::Url` or a `pynector::http::Uri`"
)]
pub trait UrlValue {
    /// The URL as text, absolute or relative.
    fn as_text(&self) -> Cow<'_, str>;
}

impl UrlValue for str {
    fn as_text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

impl UrlValue for String {
    fn as_text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

impl UrlValue for Cow<'_, str> {
    fn as_text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

impl UrlValue for Url {
    fn as_text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.as_str())
    }
}

impl UrlValue for Uri {
    fn as_text(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_string())
    }
}

impl<T: UrlValue + ?Sized> UrlValue for &T {
    fn as_text(&self) -> Cow<'_, str> {
        (**self).as_text()
    }
}

/// What may be the options of one call: [`CallOptions`], a reference to them, or an `Option` of these, whose `None` sets
/// nothing.
#[diagnostic::on_unimplemented(
    message = "`{Self}` holds no options of a call",
    label = "not `CallOptions`",
    note = "pass `pynector::CallOptions`, a reference to them, or an `Option`"
)]
pub trait CallOptionsValue {
    /// The options, if there are any.
    fn into_options(self) -> Option<CallOptions>;
}

impl CallOptionsValue for CallOptions {
    fn into_options(self) -> Option<CallOptions> {
        Some(self)
    }
}

impl CallOptionsValue for &CallOptions {
    fn into_options(self) -> Option<CallOptions> {
        Some(self.clone())
    }
}

/// As fields of a struct are read.
#[diagnostic::do_not_recommend]
impl CallOptionsValue for &&CallOptions {
    fn into_options(self) -> Option<CallOptions> {
        (*self).into_options()
    }
}

#[diagnostic::do_not_recommend]
impl<T: Borrow<CallOptions>> CallOptionsValue for &Option<T> {
    fn into_options(self) -> Option<CallOptions> {
        self.as_ref().map(|options| options.borrow().clone())
    }
}

impl<T: CallOptionsValue> CallOptionsValue for Option<T> {
    fn into_options(self) -> Option<CallOptions> {
        self.and_then(T::into_options)
    }
}
