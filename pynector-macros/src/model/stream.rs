//! The attributes beside a verb as plain data: how what a response becomes goes on.

use proc_macro2::Span;
use syn::LitStr;

use super::{Clock, Size};

/// What stands beside a verb: one of the three attributes, and where.
#[derive(Clone)]
pub(crate) struct Stream {
    /// The attribute's name.
    pub(crate) at: Span,
    pub(crate) rules: Rules,
}

/// What the attribute says.
#[derive(Clone)]
pub(crate) enum Rules {
    Pages(Paginate),
    Events(Events),
    Lines(Lines),
}

/// `#[paginate(..)]`.
#[derive(Clone)]
pub(crate) struct Paginate {
    pub(crate) next: Next,
    pub(crate) items: Option<LitStr>,
    pub(crate) more: Option<LitStr>,
    pub(crate) first: Option<u32>,
}

/// What names the next page.
#[derive(Clone)]
pub(crate) enum Next {
    Link,
    /// A field with a URL.
    Url(LitStr),
    /// A field, and the query parameter that repeats it.
    Cursor(LitStr, LitStr),
    /// The query parameter that counts pages.
    Page(LitStr),
    /// The query parameter that counts items.
    Offset(LitStr),
}

/// `#[events(..)]`.
#[derive(Clone, Default)]
pub(crate) struct Events {
    pub(crate) until: Option<LitStr>,
    pub(crate) reconnect: bool,
    pub(crate) heartbeat: Option<Clock>,
}

/// `#[lines(..)]`.
#[derive(Clone, Default)]
pub(crate) struct Lines {
    pub(crate) skip_bad: bool,
    pub(crate) max_line: Option<Size>,
}

impl Rules {
    /// The attribute.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Pages(_) => "paginate",
            Self::Events(_) => "events",
            Self::Lines(_) => "lines",
        }
    }

    /// The query parameter that names the page, if one does.
    pub(crate) const fn parameter(&self) -> Option<&LitStr> {
        match self {
            Self::Pages(Paginate {
                next: Next::Cursor(_, parameter) | Next::Page(parameter) | Next::Offset(parameter),
                ..
            }) => Some(parameter),
            Self::Pages(_) | Self::Events(_) | Self::Lines(_) => None,
        }
    }
}
