//! Collects every error of one expansion, so that all of them are reported at once.

use std::cell::RefCell;
use std::fmt::Display;

use proc_macro2::{Span, TokenStream};

/// The errors found so far; must be read with [`Diagnostics::finish`].
///
/// Shared by reference, so that no `&mut` threads through the parsers.
pub(crate) struct Diagnostics {
    /// `None` once read.
    errors: RefCell<Option<Vec<syn::Error>>>,
}

/// A moment in the life of a [`Diagnostics`]: what was reported after it belongs to one item.
#[derive(Clone, Copy)]
pub(crate) struct Mark(usize);

impl Diagnostics {
    pub(crate) fn new() -> Self {
        Self { errors: RefCell::new(Some(Vec::new())) }
    }

    /// Reports `message` at `span`.
    pub(crate) fn error(&self, span: Span, message: impl Display) {
        self.push(syn::Error::new(span, message));
    }

    /// Reports an error that syn made.
    pub(crate) fn push(&self, error: syn::Error) {
        if let Some(errors) = self.errors.borrow_mut().as_mut() {
            errors.push(error);
        }
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark(self.count())
    }

    /// Whether anything was reported after `mark`.
    pub(crate) fn failed_since(&self, mark: Mark) -> bool {
        self.count() > mark.0
    }

    /// All errors, each as one `compile_error!` at its own span; empty if there were none.
    pub(crate) fn finish(self) -> TokenStream {
        let errors = self.errors.borrow_mut().take().unwrap_or_default();
        errors.iter().map(syn::Error::to_compile_error).collect()
    }

    fn count(&self) -> usize {
        self.errors.borrow().as_ref().map_or(0, Vec::len)
    }
}

impl Drop for Diagnostics {
    /// Losing a user's mistake is a bug of this crate, which its own tests find.
    fn drop(&mut self) {
        let read = self.errors.borrow().is_none();
        assert!(read || std::thread::panicking(), "the errors of an expansion were never read");
    }
}
