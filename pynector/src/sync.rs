//! The locks and atomics of shared state: those of the standard library, in whose place `tests/loom/` puts its own.

pub(crate) use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
pub(crate) use std::sync::{Mutex, MutexGuard};

#[cfg(feature = "hyper")]
pub(crate) use crossbeam_utils::atomic::AtomicCell;
