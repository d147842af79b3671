//! Whom a program has told of how far its body has come.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::progress::{Meter, Progress};

/// A callback, and how far one clone of the body has been read.
pub(super) struct Told {
    callback: Arc<dyn Fn(Progress) + Send + Sync>,
    /// How often the body was begun.
    readings: Arc<AtomicU32>,
    meter: Option<Meter>,
}

/// Each clone is read from the beginning.
impl Clone for Told {
    fn clone(&self) -> Self {
        let (callback, readings) = (Arc::clone(&self.callback), Arc::clone(&self.readings));
        Self { callback, readings, meter: None }
    }
}

impl Told {
    pub(super) fn new(callback: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        Self { callback: Arc::new(callback), readings: Arc::default(), meter: None }
    }

    /// So many bytes were taken; `total` are all of them, if they are the first.
    pub(super) fn pass(&mut self, bytes: u64, total: Option<u64>) {
        let Self { callback, readings, meter } = self;
        let meter = meter.get_or_insert_with(|| begun(readings, total));
        callback(meter.pass(bytes));
    }

    /// All of it was taken at once.
    pub(super) fn whole(&self, bytes: u64) {
        (self.callback)(begun(&self.readings, Some(bytes)).pass(bytes));
    }
}

fn begun(readings: &AtomicU32, total: Option<u64>) -> Meter {
    Meter::new(0, total, readings.fetch_add(1, Ordering::Relaxed) + 1)
}
