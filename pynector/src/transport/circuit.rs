//! A circuit in the hands of an operator.

use std::sync::Arc;

use crate::clock;
use crate::policy::circuit::CircuitState;
use crate::policy::registry::Host;

/// A circuit, for whoever wants to look at it or hold it by hand (BRK-1).
#[derive(Clone, Debug)]
pub struct CircuitHandle(Arc<Host>);

impl CircuitHandle {
    pub(crate) const fn new(host: Arc<Host>) -> Self {
        Self(host)
    }

    /// Where the circuit stands now.
    pub fn state(&self) -> CircuitState {
        self.0.circuit.state(clock::now())
    }

    /// Refuses every call until [`force_closed`](Self::force_closed) or [`reset`](Self::reset).
    pub fn force_open(&self) {
        self.0.circuit.force_open();
        self.0.circuit_changed();
    }

    /// Lets every call through, whatever fails, until [`force_open`](Self::force_open) or [`reset`](Self::reset).
    pub fn force_closed(&self) {
        self.0.circuit.force_closed();
        self.0.circuit_changed();
    }

    /// Closes the circuit, forgets the past and lets outcomes decide again.
    pub fn reset(&self) {
        self.0.circuit.reset();
        self.0.circuit_changed();
    }
}
