//! What may name several headers at once.

use http::HeaderMap;
use serde::Serialize;

use crate::error::Result;
use crate::request::header::{self, Headers};

/// What may name headers and their values: anything that is `Serialize`, of which a map, a struct or a list of pairs is
/// understood; or a [`HeaderMap`], which is not `Serialize`, or an `Option` of one.
///
/// Which of the two it is, is found out by the parameter, so that both can be there.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot name headers",
    label = "neither a `HeaderMap` nor `serde::Serialize`",
    note = "pass a `pynector::http::HeaderMap`, a map, a list of pairs, or a struct that derives `serde::Serialize`"
)]
pub trait HeaderEntries<const MAP: bool> {
    /// Adds the entries to `headers`.
    #[doc(hidden)]
    fn add_to(&self, headers: &mut Entries<'_>) -> Result<()>;
}

/// Where entries go.
#[doc(hidden)]
#[derive(Debug)]
pub struct Entries<'a>(pub(in crate::call) &'a mut Headers);

#[diagnostic::do_not_recommend]
impl<T: Serialize + ?Sized> HeaderEntries<false> for T {
    fn add_to(&self, headers: &mut Entries<'_>) -> Result<()> {
        header::append_all(headers.0, self)
    }
}

#[diagnostic::do_not_recommend]
impl HeaderEntries<true> for HeaderMap {
    fn add_to(&self, headers: &mut Entries<'_>) -> Result<()> {
        header::append_map(headers.0, self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: HeaderEntries<true>> HeaderEntries<true> for Option<T> {
    fn add_to(&self, headers: &mut Entries<'_>) -> Result<()> {
        self.as_ref().map_or(Ok(()), |map| map.add_to(headers))
    }
}

#[diagnostic::do_not_recommend]
impl<T: HeaderEntries<true> + ?Sized> HeaderEntries<true> for &T {
    fn add_to(&self, headers: &mut Entries<'_>) -> Result<()> {
        (**self).add_to(headers)
    }
}
