//! Generated clients before a server that fails, on paused time: what an outage costs, and how soon it is over.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::unchecked_time_subtraction,
    reason = "a test that fails should panic, and may look at the clock"
)]

mod outage;
mod recovery;
mod steady;
mod storm;
mod trip;
mod world;

pub(crate) use world::{MS, S};
