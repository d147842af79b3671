//! A circuit in the hands of an operator.

use std::sync::Arc;

use crate::clock;
use crate::policy::circuit::{Circuit, CircuitState};

/// A circuit, for whoever wants to look at it or hold it by hand (BRK-1).
#[derive(Clone, Debug)]
pub struct CircuitHandle(Arc<Circuit>);

impl CircuitHandle {
    pub(crate) const fn new(circuit: Arc<Circuit>) -> Self {
        Self(circuit)
    }

    /// Where the circuit stands now.
    pub fn state(&self) -> CircuitState {
        self.0.state(clock::now())
    }

    /// Refuses every call until [`force_closed`](Self::force_closed) or [`reset`](Self::reset).
    pub fn force_open(&self) {
        self.0.force_open();
    }

    /// Lets every call through, whatever fails, until [`force_open`](Self::force_open) or [`reset`](Self::reset).
    pub fn force_closed(&self) {
        self.0.force_closed();
    }

    /// Closes the circuit, forgets the past and lets outcomes decide again.
    pub fn reset(&self) {
        self.0.reset();
    }
}
