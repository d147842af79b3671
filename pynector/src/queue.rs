//! Places that calls hold and wait for in the order of arrival; whoever goes away leaves nothing behind.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// So many places, and a queue before them (BLK-1).
#[derive(Debug)]
pub(crate) struct Queue {
    free: Arc<Semaphore>,
    waiting: AtomicU32,
}

/// A place that is held; dropped, it goes to the first who waits.
#[derive(Debug)]
pub(crate) struct Place {
    _permit: OwnedSemaphorePermit,
}

/// Somebody who waits for a place; dropped, it leaves the queue (BLK-2).
#[derive(Debug)]
pub(crate) struct Waiting<'a> {
    queue: &'a Queue,
    /// How many were there before.
    pub(crate) ahead: u32,
}

impl Queue {
    pub(crate) fn new(places: u32) -> Self {
        let places = usize::try_from(places).unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS);
        Self { free: Arc::new(Semaphore::new(places)), waiting: AtomicU32::new(0) }
    }

    /// A place that is free now; while others wait there is none.
    pub(crate) fn try_enter(&self) -> Option<Place> {
        let permit = Arc::clone(&self.free).try_acquire_owned().ok()?;
        Some(Place { _permit: permit })
    }

    /// Joins the queue, unless `most` wait in it.
    pub(crate) fn join(&self, most: u32) -> Option<Waiting<'_>> {
        let joined = self.waiting.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |waiting| {
            (waiting < most).then_some(waiting + 1)
        });
        joined.ok().map(|ahead| Waiting { queue: self, ahead })
    }

    /// How many wait.
    pub(crate) fn waiting(&self) -> u32 {
        self.waiting.load(Ordering::Relaxed)
    }
}

impl Waiting<'_> {
    /// Waits until it is its turn.
    pub(crate) async fn place(&self) -> Option<Place> {
        // Nobody closes the semaphore.
        let permit = Arc::clone(&self.queue.free).acquire_owned().await.ok()?;
        Some(Place { _permit: permit })
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.queue.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}
