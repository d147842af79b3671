//! What the test binaries share: servers, the harness of real ones, and an observer that writes everything down.
#![allow(clippy::expect_used, reason = "a test that cannot start should panic")]

pub mod raw;
pub mod real;
pub mod served;

use std::sync::{Arc, Mutex, PoisonError};

#[cfg(all(feature = "hyper", not(feature = "reqwest")))]
pub use pynector::backend::HyperBackend as WireBackend;
/// The backend of a client that is given none.
#[cfg(feature = "reqwest")]
pub use pynector::backend::ReqwestBackend as WireBackend;
use pynector::{CallInfo, Event, Observer};

/// Keeps every event in the order in which it was told.
#[derive(Clone, Debug, Default)]
pub struct Journal(Arc<Mutex<Vec<Event>>>);

impl Journal {
    /// What was told so far.
    pub fn events(&self) -> Vec<Event> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Forgets what was told so far.
    pub fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Observer for Journal {
    fn event(&self, _: &CallInfo<'_>, event: &Event) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(event.clone());
    }
}
