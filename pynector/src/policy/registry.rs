//! One circuit for each host, or for each named group of a host (SCO-1); bounded, so that hosts cannot fill the memory.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use super::Invalid;
use super::breaker::ResolvedBreaker;
use super::circuit::Circuit;
use crate::request::base::Origin;

/// More hosts than an API client meets; beyond it, circuits that remember no failure are forgotten first (SCO-2).
const CAPACITY: usize = 1024;

/// What a circuit is kept for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Scope {
    pub(crate) origin: Arc<Origin>,
    pub(crate) group: Option<&'static str>,
}

/// The circuits of one transport.
#[derive(Debug, Default)]
pub(crate) struct Registry {
    circuits: RwLock<HashMap<Scope, Arc<Circuit>>>,
    groups: RwLock<HashMap<&'static str, ResolvedBreaker>>,
}

impl Registry {
    /// The circuit of `scope`, made on first use.
    pub(crate) fn circuit(&self, scope: &Scope) -> Arc<Circuit> {
        if let Some(circuit) = self.circuits.read().unwrap_or_else(PoisonError::into_inner).get(scope) {
            return Arc::clone(circuit);
        }
        let mut circuits = self.circuits.write().unwrap_or_else(PoisonError::into_inner);
        if circuits.len() >= CAPACITY && !circuits.contains_key(scope) {
            make_room(&mut circuits);
        }
        Arc::clone(circuits.entry(scope.clone()).or_insert_with(|| Arc::new(Circuit::new())))
    }
}

impl Registry {
    /// Notes the numbers of a breaker's group; a group has one set of them.
    ///
    /// # Errors
    ///
    /// Another client registered the group with other numbers.
    pub(crate) fn register(&self, breaker: &ResolvedBreaker) -> Result<(), Invalid> {
        let Some(group) = breaker.group.filter(|_| breaker.enabled) else {
            return Ok(());
        };
        let mut groups = self.groups.write().unwrap_or_else(PoisonError::into_inner);
        let same = groups.entry(group).or_insert(*breaker) == breaker;
        Invalid::unless(same, "breaker.group", &group, "have the same numbers wherever it is named")
    }
}

/// Forgets one circuit that nobody holds: one without failures if there is one, else any that is not open.
fn make_room(circuits: &mut HashMap<Scope, Arc<Circuit>>) {
    let idle = |circuit: &Arc<Circuit>| Arc::strong_count(circuit) == 1;
    let victim = circuits
        .iter()
        .find(|(_, circuit)| idle(circuit) && circuit.streak() == Some(0))
        .or_else(|| circuits.iter().find(|(_, circuit)| idle(circuit) && circuit.streak().is_some()))
        .or_else(|| circuits.iter().find(|(_, circuit)| idle(circuit)))
        .map(|(scope, _)| scope.clone());
    if let Some(victim) = victim {
        circuits.remove(&victim);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{CAPACITY, Registry, Scope};
    use crate::request::base::Origin;

    fn scope(port: u16, group: Option<&'static str>) -> Scope {
        Scope { origin: Arc::new(Origin { scheme: "http", host: "h".to_owned(), port }), group }
    }

    #[test]
    fn sco_1_one_entry_per_host_and_group() {
        let registry = Registry::default();
        let first = registry.circuit(&scope(80, None));
        assert!(Arc::ptr_eq(&first, &registry.circuit(&scope(80, None))));
        assert!(!Arc::ptr_eq(&first, &registry.circuit(&scope(81, None))));
        assert!(!Arc::ptr_eq(&first, &registry.circuit(&scope(80, Some("search")))));
    }

    #[test]
    fn a_held_circuit_is_never_forgotten() {
        let registry = Registry::default();
        let held = registry.circuit(&scope(0, None));
        for port in 1..=u16::try_from(2 * CAPACITY).unwrap() {
            registry.circuit(&scope(port, None));
        }
        assert_eq!(registry.circuits.read().unwrap().len(), CAPACITY);
        assert!(Arc::ptr_eq(&held, &registry.circuit(&scope(0, None))));
    }
}
