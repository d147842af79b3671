//! The operations of one group share a circuit, a rate limit or places, so they name the same numbers.

use syn::LitStr;

use crate::diagnostics::Diagnostics;
use crate::model::{Breaker, MaxInFlight, Operation, Policy, RateLimit, Time};

/// The numbers of a policy by their names; `None` where nothing is written.
type Numbers = Vec<(&'static str, Option<f64>)>;

/// One operation in one group of one policy.
struct Member<'a> {
    method: &'a str,
    /// What the operations of the group share.
    share: &'static str,
    group: &'a LitStr,
    numbers: Numbers,
}

/// Checks every group.
///
/// Only what is written twice and differs is an error here: what one of them leaves open, a builder may say.
pub(crate) fn check<'a>(operations: impl Iterator<Item = &'a Operation>, errors: &Diagnostics) {
    let mut seen: Vec<Member<'a>> = Vec::new();
    for member in operations.flat_map(members) {
        let name = member.group.value();
        let known = seen.iter().filter(|known| known.share == member.share && known.group.value() == name);
        let differs = known.into_iter().find_map(|known| Some((known, difference(known, &member)?)));
        if let Some((known, field)) = differs {
            let (other, share) = (known.method, member.share);
            let message = format!(
                "the group `{name}` has another `{field}` at `{other}`: its operations share {share}, so write the same \
                 numbers at both, or another group"
            );
            errors.error(member.group.span(), message);
        }
        seen.push(member);
    }
}

fn members(operation: &Operation) -> impl Iterator<Item = Member<'_>> {
    let method = operation.name.rsplit("::").next().unwrap_or_default();
    let settings = &operation.settings;
    let breaker = settings.breaker.as_ref().and_then(Policy::on);
    let limit = settings.rate_limit.as_ref().and_then(Policy::on);
    let places = settings.max_in_flight.as_ref().and_then(Policy::on);
    let groups = [
        breaker.and_then(|it| Some(("a circuit", it.group.as_ref()?, of_breaker(it)))),
        limit.and_then(|it| Some(("a rate limit", it.group.as_ref()?, of_limit(it)))),
        places.and_then(|it| Some(("their places", it.group.as_ref()?, of_places(it)))),
    ];
    groups.into_iter().flatten().map(move |(share, group, numbers)| Member { method, share, group, numbers })
}

/// The first field that both name, with another number.
fn difference(left: &Member<'_>, right: &Member<'_>) -> Option<&'static str> {
    let fixed = |member: &Member<'_>| member.named("reset_timeout");
    let timed = |member: &Member<'_>| fixed(member) || member.named("open") || member.named("max_open");
    if fixed(left) != fixed(right) && timed(left) && timed(right) {
        return Some("reset_timeout");
    }
    let mut pairs = left.numbers.iter().zip(&right.numbers);
    pairs.find_map(|((field, left), (_, right))| {
        left.zip(*right).is_some_and(|(left, right)| left.total_cmp(&right).is_ne()).then_some(*field)
    })
}

impl Member<'_> {
    fn named(&self, field: &str) -> bool {
        self.numbers.iter().any(|(name, number)| *name == field && number.is_some())
    }
}

fn seconds(time: Option<Time>) -> Option<f64> {
    time.map(|time| time.value.as_secs_f64())
}

fn of_breaker(breaker: &Breaker) -> Numbers {
    vec![
        ("failure_threshold", breaker.failure_threshold.map(f64::from)),
        ("min_failure_rate", breaker.min_failure_rate),
        ("open", seconds(breaker.open)),
        ("max_open", seconds(breaker.max_open)),
        ("reset_timeout", seconds(breaker.reset_timeout)),
        ("probes", breaker.probes.map(f64::from)),
        ("wait_up_to", seconds(breaker.wait_up_to)),
        ("ramp", seconds(breaker.ramp)),
    ]
}

fn of_limit(limit: &RateLimit) -> Numbers {
    vec![
        ("permits", Some(f64::from(limit.permits))),
        ("per", Some(limit.per.as_secs_f64())),
        ("burst", limit.burst.map(f64::from)),
    ]
}

fn of_places(places: &MaxInFlight) -> Numbers {
    vec![
        ("limit", Some(f64::from(places.limit))),
        ("queue", places.queue.map(f64::from)),
        ("wait", seconds(places.wait)),
    ]
}
