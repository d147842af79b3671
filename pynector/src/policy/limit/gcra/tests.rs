//! Tests of the limiter: bursts, waits, what is given back and what a server says.

use std::time::Duration;

use tokio::time::Instant;

use super::Limiter;
use crate::policy::RateLimit;
use crate::policy::limit::ResolvedRateLimit;
use crate::policy::testing::epoch;

const MS: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);

fn ten_a_second(burst: u32) -> ResolvedRateLimit {
    RateLimit::new(10, SECOND).burst(burst).resolve().unwrap()
}

fn drain(limiter: &Limiter, limit: &ResolvedRateLimit, now: Instant) -> usize {
    (0..1000).take_while(|_| limiter.take(limit, now).is_ok()).count()
}

#[test]
fn rtl_1_a_burst_and_then_one_each_interval() {
    let (mut now, limit) = (epoch(), ten_a_second(3));
    let limiter = Limiter::new(now);
    assert_eq!(drain(&limiter, &limit, now), 3);
    assert_eq!(limiter.take(&limit, now).unwrap_err(), MS * 100);
    now += MS * 99;
    assert_eq!(limiter.take(&limit, now).unwrap_err(), MS);
    now += MS;
    assert_eq!(drain(&limiter, &limit, now), 1);
    now += SECOND * 3600;
    assert_eq!(drain(&limiter, &limit, now), 3, "rest earns a burst and no more");
}

#[test]
fn rtl_1_no_two_windows_meet() {
    // A fixed window would let 2 · permits pass at its edge.
    let limit = RateLimit::new(10, SECOND).resolve().unwrap();
    let base = epoch();
    let limiter = Limiter::new(base);
    assert_eq!(drain(&limiter, &limit, base + MS * 950), 10);
    assert_eq!(drain(&limiter, &limit, base + MS * 1050), 1);
}

#[test]
fn rtl_1_an_interval_is_rounded_up() {
    let interval = |permits, per| RateLimit::new(permits, per).resolve().unwrap().interval;
    assert_eq!(interval(3, SECOND), Duration::from_nanos(333_333_334));
    assert_eq!(interval(4, SECOND), MS * 250);
    assert_eq!(interval(u32::MAX, Duration::from_nanos(1)), Duration::from_nanos(1));
    assert_eq!(interval(1, Duration::MAX), Duration::MAX);
}

#[test]
fn rtl_2_a_permit_that_is_given_back_is_the_next_ones() {
    let (now, limit) = (epoch(), ten_a_second(1));
    let limiter = Limiter::new(now);
    for _ in 0..5 {
        let permit = limiter.take(&limit, now).unwrap();
        assert_eq!(limiter.take(&limit, now).unwrap_err(), MS * 100);
        limiter.give_back(permit);
        assert!(limiter.is_idle(now));
    }
}

#[test]
fn rtl_2_what_comes_back_late_makes_no_two_at_once() {
    let (base, limit) = (epoch(), ten_a_second(1));
    let limiter = Limiter::new(base);
    let first = limiter.take(&limit, base).unwrap();
    let later = base + SECOND;
    assert!(limiter.take(&limit, later).is_ok());
    limiter.give_back(first);
    assert_eq!(limiter.take(&limit, later).unwrap_err(), MS * 100);
}

#[test]
fn rtl_2_who_stands_behind_others_waits_for_them_too() {
    let (now, limit) = (epoch(), ten_a_second(2));
    let limiter = Limiter::new(now);
    let waits = |ahead: [u32; 4]| ahead.map(|ahead| limiter.wait_behind(&limit, now, ahead).as_millis());
    assert_eq!(waits([0, 1, 2, 3]), [0, 0, 100, 200]);
    assert_eq!(drain(&limiter, &limit, now), 2);
    assert_eq!(waits([0, 1, 2, 3]), [100, 200, 300, 400]);
    assert_eq!(limiter.wait_behind(&limit, now + SECOND, 0), Duration::ZERO);
}

#[test]
fn rtl_3_the_limiter_has_no_clock_of_its_own() {
    let text = include_str!("../gcra.rs");
    for clock in ["SystemTime", "Instant::now", "quanta", "rdtsc"] {
        assert!(!text.contains(clock), "{clock}");
    }
}

#[test]
fn ra_6_nobody_goes_before_the_server_says() {
    let (now, limit) = (epoch(), ten_a_second(2));
    let limiter = Limiter::new(now);
    limiter.pause(now + SECOND);
    limiter.pause(now + MS);
    assert!(!limiter.is_idle(now));
    assert_eq!(limiter.take(&limit, now).unwrap_err(), SECOND);
    assert_eq!(limiter.wait_behind(&limit, now, 1), SECOND);
    assert_eq!(limiter.wait_behind(&limit, now, 2), SECOND + MS * 100);
    assert_eq!(limiter.take(&limit, now + MS * 999).unwrap_err(), MS);
    assert!(limiter.is_idle(now + SECOND));
    assert_eq!(drain(&limiter, &limit, now + SECOND), 2);
    assert!(!limiter.is_idle(now + SECOND));
}

#[test]
fn ra_6_a_pause_does_not_shorten_a_wait() {
    let (now, limit) = (epoch(), ten_a_second(1));
    let limiter = Limiter::new(now);
    assert_eq!(drain(&limiter, &limit, now), 1);
    limiter.pause(now + MS * 50);
    assert_eq!(limiter.take(&limit, now).unwrap_err(), MS * 100);
    limiter.pause(now + MS * 150);
    assert_eq!(limiter.take(&limit, now).unwrap_err(), MS * 150);
}
