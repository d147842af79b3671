//! What is known of each host, and of each named group of a host (SCO-1); bounded, so that hosts cannot fill the memory.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use tokio::sync::Notify;
use tokio::time::Instant;

use super::Invalid;
use super::breaker::ResolvedBreaker;
use super::budget::Budget;
use super::bulkhead::ResolvedMaxInFlight;
use super::circuit::Circuit;
use super::limit::{Limiter, ResolvedRateLimit};
use crate::queue::Queue;
use crate::request::base::Origin;

/// More hosts than an API client meets; beyond it, hosts that nothing is remembered of are forgotten first (SCO-2).
const CAPACITY: usize = 1024;

/// What a host is known by: its origin, and the group where a policy has one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Scope {
    origin: Arc<Origin>,
    group: Option<&'static str>,
}

/// What is known of one host, or of one group of it.
#[derive(Debug)]
pub(crate) struct Host {
    pub(crate) circuit: Circuit,
    pub(crate) budget: Budget,
    pub(crate) limiter: Limiter,
    /// Apart, because most hosts have nobody who waits.
    lines: OnceLock<Box<Lines>>,
}

/// Who waits for something of a host.
#[derive(Debug)]
struct Lines {
    verdict: Queue,
    /// Something happened to the circuit that the first of them wants to know.
    changed: Notify,
    permit: Queue,
    places: OnceLock<Queue>,
}

impl Host {
    fn new(now: Instant) -> Self {
        Self {
            circuit: Circuit::new(),
            budget: Budget::new(now),
            limiter: Limiter::new(now),
            lines: OnceLock::new(),
        }
    }

    fn lines(&self) -> &Lines {
        let one = || Queue::new(1);
        self.lines.get_or_init(|| {
            let (changed, places) = (Notify::new(), OnceLock::new());
            Box::new(Lines { verdict: one(), changed, permit: one(), places })
        })
    }

    /// Who waits for a verdict over the circuit (BRK-15); the place is the turn to ask.
    pub(crate) fn verdict_line(&self) -> &Queue {
        &self.lines().verdict
    }

    /// Something happened to the circuit; where nobody has ever waited, nobody needs to know.
    pub(crate) fn circuit_changed(&self) {
        if let Some(lines) = self.lines.get() {
            lines.changed.notify_one();
        }
    }

    /// Waits for that; only who has the turn of the line does.
    pub(crate) async fn change_of_circuit(&self) {
        self.lines().changed.notified().await;
    }

    /// Who waits for the rate limit (RTL-2); the place is the turn to take.
    pub(crate) fn permit_line(&self) -> &Queue {
        &self.lines().permit
    }

    /// The places of the bulkhead (BLK-1), whose number is the same wherever it is named.
    pub(crate) fn places(&self, limit: &ResolvedMaxInFlight) -> &Queue {
        self.lines().places.get_or_init(|| Queue::new(limit.limit))
    }

    /// Whether it is as if nobody had ever called.
    fn is_fresh(&self, now: Instant) -> bool {
        self.circuit.streak() == Some(0) && self.budget.is_full(now) && self.limiter.is_idle(now)
    }
}

/// The hosts of one transport.
#[derive(Debug)]
pub(crate) struct Registry {
    /// The host that most calls go to is found without a lock, and never forgotten.
    home: (Arc<Origin>, Arc<Host>),
    /// What the times of all hosts are counted from.
    base: Instant,
    others: RwLock<HashMap<Scope, Arc<Host>>>,
    breakers: Numbers<ResolvedBreaker>,
    rate_limits: Numbers<ResolvedRateLimit>,
    bulkheads: Numbers<ResolvedMaxInFlight>,
}

/// The numbers of each group, `None` for those of the host itself. They are constants of a program, so few, and looked at
/// where clients are made.
type Numbers<T> = RwLock<Vec<(Option<&'static str>, T)>>;

impl Registry {
    pub(crate) fn new(home: Arc<Origin>, now: Instant) -> Self {
        Self {
            home: (home, Arc::new(Host::new(now))),
            base: now,
            others: RwLock::default(),
            breakers: RwLock::default(),
            rate_limits: RwLock::default(),
            bulkheads: RwLock::default(),
        }
    }

    /// When it was made.
    pub(crate) const fn made(&self) -> Instant {
        self.base
    }

    /// Whether it is the origin of the base URL.
    pub(crate) fn is_home(&self, origin: &Arc<Origin>) -> bool {
        Arc::ptr_eq(&self.home.0, origin) || self.home.0 == *origin
    }

    /// The origin of the base URL.
    pub(crate) const fn home(&self) -> &Arc<Origin> {
        &self.home.0
    }

    /// What is known of it.
    pub(crate) const fn home_host(&self) -> &Arc<Host> {
        &self.home.1
    }

    /// The host, or the group of it, made on first use; the time is asked for only where room must be made.
    pub(crate) fn host(
        &self,
        origin: &Arc<Origin>,
        group: Option<&'static str>,
        now: impl FnOnce() -> Instant,
    ) -> Arc<Host> {
        if group.is_none() && self.is_home(origin) {
            return Arc::clone(&self.home.1);
        }
        let scope = Scope { origin: Arc::clone(origin), group };
        if let Some(host) = self.others.read().unwrap_or_else(PoisonError::into_inner).get(&scope) {
            return Arc::clone(host);
        }
        let mut others = self.others.write().unwrap_or_else(PoisonError::into_inner);
        if others.len() >= CAPACITY && !others.contains_key(&scope) {
            make_room(&mut others, now());
        }
        Arc::clone(others.entry(scope).or_insert_with(|| Arc::new(Host::new(self.base))))
    }

    /// Notes the numbers of a breaker's group; a group has one set of them. The circuit of the host itself may be asked by
    /// different numbers, since they are given with each question.
    ///
    /// # Errors
    ///
    /// Somebody registered the group with other numbers.
    pub(crate) fn register_breaker(&self, breaker: &ResolvedBreaker) -> Result<(), Invalid> {
        match breaker.group.filter(|_| breaker.enabled) {
            Some(group) => agree(&self.breakers, Some(group), breaker, "breaker.group"),
            None => Ok(()),
        }
    }

    /// The same for a rate limit, of a group or of the host itself: it is one, whoever asks.
    ///
    /// # Errors
    ///
    /// Somebody registered it with other numbers.
    pub(crate) fn register_rate_limit(&self, limit: &ResolvedRateLimit) -> Result<(), Invalid> {
        agree(&self.rate_limits, limit.group, limit, "rate_limit")
    }

    /// The same for a bulkhead.
    ///
    /// # Errors
    ///
    /// Somebody registered it with other numbers.
    pub(crate) fn register_max_in_flight(&self, limit: &ResolvedMaxInFlight) -> Result<(), Invalid> {
        agree(&self.bulkheads, limit.group, limit, "max_in_flight")
    }
}

fn agree<T: Copy + PartialEq>(
    numbers: &Numbers<T>,
    group: Option<&'static str>,
    said: &T,
    field: &'static str,
) -> Result<(), Invalid> {
    let mut numbers = numbers.write().unwrap_or_else(PoisonError::into_inner);
    let noted = numbers.iter().find(|(of, _)| *of == group);
    let same = noted.is_none_or(|(_, numbers)| numbers == said);
    if noted.is_none() {
        numbers.push((group, *said));
    }
    let rule = "have the same numbers wherever it is named for a host or a group";
    Invalid::unless(same, field, &group.unwrap_or("the host"), rule)
}

/// Forgets one host that nobody holds: one that nothing is remembered of if there is one, else any that is not open.
fn make_room<K: Clone + Eq + Hash>(hosts: &mut HashMap<K, Arc<Host>>, now: Instant) {
    let idle = |host: &Arc<Host>| Arc::strong_count(host) == 1;
    let victim = hosts
        .iter()
        .find(|(_, host)| idle(host) && host.is_fresh(now))
        .or_else(|| hosts.iter().find(|(_, host)| idle(host) && host.circuit.streak().is_some()))
        .or_else(|| hosts.iter().find(|(_, host)| idle(host)))
        .map(|(scope, _)| scope.clone());
    if let Some(victim) = victim {
        hosts.remove(&victim);
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::sync::Arc;
    use std::task::{Context, Waker};
    use std::time::Duration;

    use super::{CAPACITY, Host, Registry, Scope};
    use crate::policy::classify::Verdict;
    use crate::policy::testing::epoch;
    use crate::policy::{Breaker, MaxInFlight, RateLimit, RetryBudget};
    use crate::request::base::Origin;

    fn origin(port: u16) -> Arc<Origin> {
        Arc::new(Origin { scheme: "http", host: "h".to_owned(), port })
    }

    #[test]
    fn sco_1_one_entry_per_host_and_group() {
        let now = epoch();
        let registry = Registry::new(origin(1), now);
        for home in [origin(1), origin(80)] {
            let first = registry.host(&home, None, || now);
            assert_eq!(Arc::ptr_eq(&first, &registry.home.1), home.port == 1, "whoever names it");
            assert!(Arc::ptr_eq(&first, &registry.host(&Arc::new(Origin::clone(&home)), None, || now)));
            assert!(!Arc::ptr_eq(&first, &registry.host(&origin(81), None, || now)));
            let group = registry.host(&home, Some("search"), || now);
            assert!(!Arc::ptr_eq(&first, &group));
            assert!(Arc::ptr_eq(&group, &registry.host(&home, Some("search"), || now)));
        }
    }

    #[test]
    fn cfg_1_a_group_or_a_host_has_one_set_of_numbers() {
        let registry = Registry::new(origin(1), epoch());
        let (one, two) = (Breaker::new().probes(1), Breaker::new().probes(2));
        let breaker =
            |breaker: Breaker| registry.register_breaker(&breaker.resolve()).map_err(|said| said.field);
        assert_eq!(
            (breaker(one), breaker(two)),
            (Ok(()), Ok(())),
            "without a group each asks by its own numbers"
        );
        assert_eq!((breaker(one.group("a")), breaker(one.group("a"))), (Ok(()), Ok(())));
        assert_eq!(breaker(two.group("a")), Err("breaker.group"));
        assert_eq!(breaker(two.group("b")), Ok(()));
        let off = Breaker::off().over(two.group("a"));
        assert_eq!(breaker(off), Ok(()), "who has no breaker says nothing of its numbers");

        let rate = |permits: u32| {
            let limit = RateLimit::new(permits, Duration::from_secs(1)).resolve().unwrap();
            registry.register_rate_limit(&limit).map_err(|said| (said.field, said.value))
        };
        assert_eq!((rate(1), rate(1)), (Ok(()), Ok(())));
        assert_eq!(rate(2), Err(("rate_limit", "\"the host\"".to_owned())));

        let places = |limit: MaxInFlight| {
            let limit = limit.resolve().unwrap();
            registry.register_max_in_flight(&limit).map_err(|said| (said.field, said.value))
        };
        let (one, two) = (MaxInFlight::new(1).group("a"), MaxInFlight::new(2).group("a"));
        assert_eq!((places(one), places(one), places(MaxInFlight::new(2))), (Ok(()), Ok(()), Ok(())));
        assert_eq!(places(two), Err(("max_in_flight", "\"a\"".to_owned())));
    }

    #[test]
    fn brk_15_who_waits_for_the_circuit_hears_of_its_change() {
        let now = epoch();
        let registry = Registry::new(origin(1), now);
        let host = registry.host(&origin(1), None, || now);
        host.circuit_changed();
        assert!(host.lines.get().is_none(), "nobody has ever waited");
        let mut waiting = pin!(host.change_of_circuit());
        let mut context = Context::from_waker(Waker::noop());
        assert!(waiting.as_mut().poll(&mut context).is_pending());
        host.circuit_changed();
        assert!(waiting.poll(&mut context).is_ready());
    }

    #[test]
    fn sco_2_a_host_is_half_a_kibibyte_at_most() {
        // What a host adds to the map, which has 7 of 16 slots in use after it has grown, and what is known of it.
        let slot = (size_of::<(Scope, Arc<Host>)>() + 1) * 16 / 7;
        let host = 2 * size_of::<usize>() + size_of::<Host>();
        assert!(slot + host <= 512, "{slot} bytes for the slot and {host} for the host");
    }

    #[test]
    fn sco_2_who_is_remembered_for_something_is_forgotten_later_and_who_is_open_last() {
        let now = epoch();
        let registry = Registry::new(origin(1), now);
        let budget = RetryBudget::new().resolve().unwrap();
        let limit = RateLimit::new(1, Duration::from_secs(1)).resolve().unwrap();
        let last = 2 + u16::try_from(CAPACITY).unwrap();
        let known = |port: u16| {
            let hosts = registry.others.read().unwrap();
            hosts.keys().any(|scope| scope.origin.port == port)
        };
        for port in 2..last {
            let host = registry.host(&origin(port), None, || now);
            // One is open, one has failed, one has spent, one is limited; all others are as if nobody had called.
            match port {
                2 => drop(host.circuit.force_open()),
                3 => {
                    let breaker = Breaker::default().resolve();
                    let ticket = host.circuit.admit(&breaker, now, 0.5, Duration::ZERO).result.unwrap();
                    host.circuit.settle(&breaker, ticket, Verdict::Failure, now, 0.5);
                }
                4 => assert!(host.budget.withdraw(&budget, now)),
                5 => drop(host.limiter.take(&limit, now)),
                _ => {}
            }
        }
        let fresh = last - 6;
        for port in 0..fresh {
            registry.host(&origin(10_000 + port), Some("ill"), || now).circuit.force_open();
        }
        assert!((2..6).all(known), "the fresh ones went first");
        assert!(!(6..last).any(known));
        for port in 0..3 {
            registry.host(&origin(20_000 + port), Some("ill"), || now).circuit.force_open();
        }
        assert!(known(2) && !(3..6).any(known), "an open circuit stays while there are others");
        registry.host(&origin(30_000), None, || now);
        assert_eq!(registry.others.read().unwrap().len(), CAPACITY, "and no longer");
    }

    #[test]
    fn sco_2_a_held_host_is_never_forgotten() {
        let now = epoch();
        let registry = Registry::new(origin(1), now);
        let held = registry.host(&origin(0), None, || now);
        for port in 2..=u16::try_from(2 * CAPACITY).unwrap() {
            registry.host(&origin(port), None, || now);
        }
        assert_eq!(registry.others.read().unwrap().len(), CAPACITY);
        assert!(Arc::ptr_eq(&held, &registry.host(&origin(0), None, || now)));
    }
}
