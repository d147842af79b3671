//! A circuit in the hands of an operator.

use std::fmt;
use std::sync::Arc;

use crate::clock;
use crate::gate::Core;
use crate::observe::{CallInfo, Event};
use crate::policy::circuit::{CircuitState, Transition};
use crate::policy::registry::Host;
use crate::request::base::Origin;
use crate::transport::http::HttpTransport;

/// A circuit, for whoever wants to look at it or hold it by hand (BRK-1).
///
/// A change by hand is told to the observers as [`Event::Breaker`], in no call (OBS-1). Observers may hold a handle and use
/// it while they are told something (BRK-12).
#[derive(Clone)]
pub struct CircuitHandle {
    core: Arc<Core>,
    origin: Arc<Origin>,
    group: Option<&'static str>,
    host: Arc<Host>,
}

impl HttpTransport {
    /// The circuit of the base URL's host.
    pub fn circuit(&self) -> CircuitHandle {
        self.circuit_handle(None)
    }

    /// The circuit of a breaker group on the base URL's host.
    pub fn circuit_of_group(&self, group: &'static str) -> CircuitHandle {
        self.circuit_handle(Some(group))
    }

    fn circuit_handle(&self, group: Option<&'static str>) -> CircuitHandle {
        CircuitHandle::new(Arc::clone(self.core()), Arc::clone(self.origin()), group)
    }
}

impl CircuitHandle {
    fn new(core: Arc<Core>, origin: Arc<Origin>, group: Option<&'static str>) -> Self {
        let host = core.hosts.host(&origin, group, clock::now);
        Self { core, origin, group, host }
    }

    /// Where the circuit stands now.
    pub fn state(&self) -> CircuitState {
        self.host.circuit.state(clock::now())
    }

    /// Refuses every call until [`force_closed`](Self::force_closed) or [`reset`](Self::reset).
    pub fn force_open(&self) {
        self.changed(self.host.circuit.force_open());
    }

    /// Lets every call through, whatever fails, until [`force_open`](Self::force_open) or [`reset`](Self::reset).
    pub fn force_closed(&self) {
        self.changed(self.host.circuit.force_closed());
    }

    /// Closes the circuit, forgets the past and lets outcomes decide again.
    pub fn reset(&self) {
        self.changed(self.host.circuit.reset());
    }

    fn changed(&self, transition: Option<Transition>) {
        self.host.circuit_changed();
        if let Some(Transition { from, to, reason }) = transition {
            let event = Event::Breaker { group: self.group, from, to, reason };
            self.core.tell(&CallInfo::of_host(&self.origin.host), &event);
        }
    }
}

impl fmt::Debug for CircuitHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CircuitHandle")
            .field("host", &self.origin.host)
            .field("group", &self.group)
            .field("circuit", &self.host.circuit)
            .finish_non_exhaustive()
    }
}
