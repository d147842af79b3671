//! Whom a program has told of how far a body has come.

use crate::progress::{Meter, Progress};

/// What a program gives to be told.
pub(super) type Callback = Box<dyn FnMut(Progress) + Send>;

/// A callback, and how far it has been told.
pub(super) struct Told {
    callback: Callback,
    meter: Meter,
}

impl Told {
    /// Of a body of which so many bytes are here already, of so many.
    pub(super) fn new(callback: Callback, here: u64, total: Option<u64>) -> Self {
        Self { callback, meter: Meter::new(here, total, 1) }
    }

    /// So many bytes came.
    pub(super) fn pass(&mut self, bytes: u64) {
        if bytes > 0 {
            (self.callback)(self.meter.pass(bytes));
        }
    }

    /// What comes from now on is an answer to a further request.
    pub(super) fn again(&mut self) {
        self.meter.again();
    }
}
