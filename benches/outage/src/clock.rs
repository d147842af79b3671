//! The clock of those who ask the machine for the time: it shows what the paused clock of the simulation shows.
//!
//! failsafe and retry-policies read the standard library's clocks. On Linux those ask `clock_gettime`, which this program
//! defines, so that all contestants live in the same time and a minute of it takes a moment.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Nanoseconds since the simulation's start.
static NOW: AtomicU64 = AtomicU64::new(0);
/// Where every clock stands at the start, so that something can be earlier.
const START: u64 = 1_000_000_000_000_000_000;

/// Puts the clock forward to `now`.
pub(crate) fn set(now: Duration) {
    NOW.store(u64::try_from(now.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
}

/// Says what `clock_gettime(2)` says, of every clock the same.
///
/// # Safety
///
/// `time` must be valid for a write, which the standard library sees to.
#[unsafe(no_mangle)]
unsafe extern "C" fn clock_gettime(_: libc::clockid_t, time: *mut libc::timespec) -> libc::c_int {
    let now = START + NOW.load(Ordering::Relaxed);
    let (seconds, nanoseconds) = (now / 1_000_000_000, now % 1_000_000_000);
    // SAFETY: whoever asks for the time has a place for it.
    unsafe {
        (*time).tv_sec = seconds as libc::time_t;
        (*time).tv_nsec = nanoseconds as libc::c_long;
    }
    0
}
