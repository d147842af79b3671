//! An attribute says what the constant says that somebody could have written: every setting, at the trait and at a verb.
//!
//! Which level wins is tested over those constants, in the unit tests of `pynector/src/transport/http/ladder.rs`.

use pynector::{
    AnyOrigin, Api, Breaker, Client as _, Hedge, IdempotencyKey, Jitter, MaxInFlight, Operation,
    OperationRules, RateLimit, Result, RetryBudget, RetryPolicy, StatusCodes, Timeouts,
};

use crate::{MS, S};

/// The keys of both levels, but for `retry` and `hedge`, of which one level has one.
macro_rules! everything {
    ($at:ident $($keys:tt)*) => {
        #[pynector::api(
            headers("accept" = "text/plain"),
            timeouts(connect = "1s", attempt = "2s", write = "3s", read = "4s", deadline = "5s"),
            breaker(
                failure_threshold = 65,
                min_failure_rate = 0.25,
                open = "1s",
                max_open = "2s",
                probes = 2,
                wait_up_to = "3s",
                ramp = "4s",
                group = "g"
            ),
            rate_limit(permits = 100, per = "1m", burst = 10, group = "g"),
            max_in_flight(limit = 8, queue = 9, wait = "10s", group = "g"),
            follow_redirects = true,
            max_redirects = 3,
            any_origin,
            max_body = "4B",
            decompress = off,
            $($keys)*
        )]
        #[allow(dead_code, reason = "its constants are read, and nobody calls it")]
        trait $at {
            #[post(
                "/",
                headers("accept" = "text/plain"),
                timeouts(connect = "1s", attempt = "2s", write = "3s", read = "4s", deadline = "5s"),
                breaker(
                    failure_threshold = 65,
                    min_failure_rate = 0.25,
                    open = "1s",
                    max_open = "2s",
                    probes = 2,
                    wait_up_to = "3s",
                    ramp = "4s",
                    group = "g"
                ),
                rate_limit(permits = 100, per = "1m", burst = 10, group = "g"),
                max_in_flight(limit = 8, queue = 9, wait = "10s", group = "g"),
                follow_redirects = true,
                max_redirects = 3,
                any_origin,
                max_body = "4B",
                decompress = off,
                idempotency_key = "Request-Id",
                $($keys)*
            )]
            async fn call(&self) -> Result<()>;
        }
    };
}

everything! {
    Retried
    retry(
        max_retries = 7,
        initial_backoff = "1ms",
        max_backoff = "2ms",
        multiplier = 3,
        jitter = equal,
        status_codes(418, 500..=501),
        max_retry_after = "4ms",
        budget(ratio = 0.5, min_per_second = 6),
    )
}

everything!(Hedged hedge(after = "50ms", max = 2));

/// Everything but the choice between retries and hedging.
macro_rules! by_hand {
    ($constant:expr) => {
        $constant
            .timeouts(Timeouts::new().connect(S).attempt(TWO).write(THREE).read(FOUR).deadline(FIVE))
            .breaker(
                Breaker::new()
                    .failure_threshold(65)
                    .min_failure_rate(0.25)
                    .open(S)
                    .max_open(TWO)
                    .probes(2)
                    .wait_up_to(THREE)
                    .ramp(FOUR)
                    .group("g"),
            )
            .rate_limit(RateLimit::new(100, MINUTE).burst(10).group("g"))
            .max_in_flight(MaxInFlight::new(8).queue(9).wait(TEN).group("g"))
            .follow_redirects(true)
            .max_redirects(3)
            .any_origin(AnyOrigin::Bare)
            .max_body(4)
            .decompress(false)
    };
}

const TWO: std::time::Duration = std::time::Duration::from_secs(2);
const THREE: std::time::Duration = std::time::Duration::from_secs(3);
const FOUR: std::time::Duration = std::time::Duration::from_secs(4);
const FIVE: std::time::Duration = std::time::Duration::from_secs(5);
const TEN: std::time::Duration = std::time::Duration::from_secs(10);
const MINUTE: std::time::Duration = std::time::Duration::from_secs(60);

fn retry() -> RetryPolicy {
    RetryPolicy::new()
        .max_retries(7)
        .initial_backoff(MS)
        .max_backoff(2 * MS)
        .multiplier(3.0)
        .jitter(Jitter::Equal)
        .status_codes(StatusCodes::of(&[418]).range(500, 501))
        .max_retry_after(4 * MS)
        .budget(RetryBudget::new().ratio(0.5).min_per_second(6.0))
}

#[test]
fn cfg_5_attributes_say_what_constants_say() {
    let key = IdempotencyKey::header("request-id");
    let hedge = Hedge::after(50 * MS).max(2);
    let headers = &[("accept", "text/plain")];
    let of_trait =
        |name, operations: &'static [Operation]| by_hand!(Api::new(name, operations).headers(headers));
    let of_verb = |name, rules| {
        Operation::post(name, "/").headers(headers).idempotency_key(key).rules(Box::leak(Box::new(rules)))
    };
    let verb = of_verb("Retried::call", by_hand!(OperationRules::new()).retry(retry()));
    let whole = of_trait("Retried", RetriedClient::OPERATIONS).retry(retry());
    assert_eq!(format!("{:?}", RetriedClient::OPERATIONS), format!("{:?}", [verb]));
    assert_eq!(format!("{:?}", RetriedClient::API), format!("{whole:?}"));

    let verb = of_verb("Hedged::call", by_hand!(OperationRules::new()).hedge(hedge));
    let whole = of_trait("Hedged", HedgedClient::OPERATIONS).hedge(hedge);
    assert_eq!(format!("{:?}", HedgedClient::OPERATIONS), format!("{:?}", [verb]));
    assert_eq!(format!("{:?}", HedgedClient::API), format!("{whole:?}"));
}

#[pynector::api]
#[allow(dead_code, reason = "its constants are read, and nobody calls it")]
trait Off {
    #[get(
        "/",
        timeouts(connect = none, attempt = none, write = none, read = none, deadline = none),
        retry = off,
        breaker = off,
        rate_limit = off,
        max_in_flight = off,
        hedge = off,
        follow_redirects = false,
        any_origin = false,
        max_body = none,
        decompress,
    )]
    async fn off(&self) -> Result<()>;

    #[get("/", retry(budget = off))]
    async fn without_a_budget(&self) -> Result<()>;

    #[get("/", hedge(after = p95))]
    async fn usual(&self) -> Result<()>;

    #[post("/", idempotency_key)]
    async fn keyed(&self) -> Result<()>;

    #[post("/", idempotency_key("Request-Id", raw))]
    async fn raw(&self) -> Result<()>;
}

#[test]
fn cfg_5_attributes_switch_off_what_constants_switch_off() {
    let clocks = Timeouts::new().no_connect().no_attempt().no_write().no_read().no_deadline();
    let off = OperationRules::new()
        .timeouts(clocks)
        .retry(RetryPolicy::off())
        .breaker(Breaker::off())
        .rate_limit(RateLimit::off())
        .max_in_flight(MaxInFlight::off())
        .hedge(Hedge::off())
        .follow_redirects(false)
        .any_origin(AnyOrigin::Refused)
        .max_body(u64::MAX)
        .decompress(true);
    let unbound = OperationRules::new().retry(RetryPolicy::new().budget(RetryBudget::off()));
    let usual = OperationRules::new().hedge(Hedge::p95());
    let [off, unbound, usual] = [off, unbound, usual].map(|rules| &*Box::leak(Box::new(rules)));
    let by_hand = [
        Operation::get("Off::off", "/").rules(off),
        Operation::get("Off::without_a_budget", "/").rules(unbound),
        Operation::get("Off::usual", "/").rules(usual),
        Operation::post("Off::keyed", "/").idempotency_key(IdempotencyKey::new()),
        Operation::post("Off::raw", "/").idempotency_key(IdempotencyKey::header("request-id").raw()),
    ];
    assert_eq!(format!("{:?}", OffClient::OPERATIONS), format!("{by_hand:?}"));
    let said = OffClient::OPERATIONS[0].settings();
    assert_eq!((said.rate_limit(), said.max_in_flight()), (Some(RateLimit::off()), Some(MaxInFlight::off())));
    assert_eq!(said.hedge(), Some(Hedge::off()));
    let silent = OffClient::OPERATIONS[3].settings();
    assert_eq!((silent.rate_limit(), silent.max_in_flight(), silent.hedge()), (None, None, None));
    assert!(OffClient::OPERATIONS.iter().all(Operation::is_idempotent));
}
