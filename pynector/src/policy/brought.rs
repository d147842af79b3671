//! Code that a setting brings along, so that a program that does not ask for it has none of it.

use std::any::Any;
use std::fmt;

/// A pointer to it, of a type that only a layer above knows, which also makes the pointer (record 0219).
#[derive(Clone, Copy)]
pub(crate) struct Brought(&'static (dyn Any + Send + Sync));

impl Brought {
    pub(crate) const fn new(code: &'static (dyn Any + Send + Sync)) -> Self {
        Self(code)
    }

    /// The code, for whoever knows its type.
    pub(crate) fn code<T: Copy + 'static>(self) -> Option<T> {
        self.0.downcast_ref().copied()
    }
}

/// Each setting has one.
impl PartialEq for Brought {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Brought {}

impl fmt::Debug for Brought {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Brought")
    }
}
