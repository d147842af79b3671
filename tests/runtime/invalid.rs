//! A setting that breaks a rule is refused by the same words on every level, before anything is sent (CFG-1).

use std::time::Duration;

use pynector::{
    Api, Breaker, CallOptions, Client, Error, ErrorKind, Hedge, HttpTransport, MaxInFlight, Operation,
    OperationRules, RateLimit, Result, RetryBudget, RetryPolicy, StatusCodes, Timeouts,
};

use crate::{GET, S, built, transport};

const ZERO: Duration = Duration::ZERO;
const HALF: Duration = Duration::from_millis(500);
const SOON: Duration = Duration::from_micros(999);

/// What a level answers to a setting: the field and the rule that it breaks.
type Refusal = (String, String);

fn refusal<T>(answer: Result<T>) -> Refusal {
    let error: Error = answer.err().expect("the setting is refused");
    assert_eq!(error.kind(), ErrorKind::Config, "{error}");
    let invalid = error.invalid_setting().expect("a setting is named");
    (invalid.field.to_string(), invalid.rule.to_string())
}

/// What each level answers, and how many requests were sent meanwhile.
macro_rules! levels {
    ($method:ident($value:expr)) => {{
        struct OfTrait;
        impl Client for OfTrait {
            const API: Api = Api::new("OfTrait", &[]).$method($value);

            fn wrap(_: HttpTransport) -> Self {
                Self
            }
        }
        static OPERATION: Operation =
            Operation::get("Test::call", "/").rules(&OperationRules::new().$method($value));
        let (bare, script) = transport([]);
        let options = bare.with_options(CallOptions::new().$method($value));
        let builder = HttpTransport::builder("http://h").$method($value).build();
        let levels = [
            refusal(builder),
            refusal(options.call(&GET).send::<()>().await),
            refusal(bare.call(&OPERATION).send::<()>().await),
            refusal(bare.clone().for_client::<OfTrait>()),
        ];
        (levels, script.requests().len())
    }};
}

macro_rules! refused {
    ($($method:ident($value:expr) => $field:literal, $rule:literal;)*) => {
        $({
            let (levels, requests) = levels!($method($value));
            let expected = ($field.to_owned(), $rule.to_owned());
            assert_eq!(levels, [0; 4].map(|_| expected.clone()), "{}", stringify!($method($value)));
            assert_eq!(requests, 0);
        })*
    };
}

#[tokio::test(start_paused = true)]
async fn cfg_1_every_level_refuses_what_breaks_a_rule_of_clocks_and_retries() {
    refused! {
        timeouts(Timeouts::new().attempt(ZERO))
            => "timeouts.attempt", "leave some time; `none` switches a clock off";
        timeouts(Timeouts::new().write(ZERO))
            => "timeouts.write", "leave some time; `none` switches a clock off";
        timeouts(Timeouts::new().attempt(S).deadline(HALF)) => "timeouts.attempt", "not be longer than `deadline`";
        timeouts(Timeouts::new().connect(S).attempt(HALF)) => "timeouts.connect", "not be longer than `attempt`";
        retry(RetryPolicy::new().multiplier(0.5)) => "retry.multiplier", "be finite and at least 1";
        retry(RetryPolicy::new().multiplier(f64::NAN)) => "retry.multiplier", "be finite and at least 1";
        retry(RetryPolicy::new().initial_backoff(S).max_backoff(HALF))
            => "retry.max_backoff", "not be shorter than initial_backoff";
        retry(RetryPolicy::new().status_codes(StatusCodes::of(&[42])))
            => "retry.status_codes", "be status codes from 100 to 599, the first of a range not above its last";
        retry(RetryPolicy::new().budget(RetryBudget::new().ratio(10.5))) => "retry.budget.ratio", "be from 0 to 10";
        retry(RetryPolicy::new().budget(RetryBudget::new().min_per_second(-1.0)))
            => "retry.budget.min_per_second", "be from 0 to 1000000";
        max_body(0) => "max_body", "leave room for a byte";
    }
}

#[tokio::test(start_paused = true)]
async fn cfg_1_every_level_refuses_what_breaks_a_rule_of_breakers_limits_and_hedging() {
    refused! {
        breaker(Breaker::new().failure_threshold(0)) => "breaker.failure_threshold", "be at least 1";
        breaker(Breaker::new().min_failure_rate(1.5)) => "breaker.min_failure_rate", "be from 0 to 1";
        breaker(Breaker::new().open(ZERO)) => "breaker.open", "be longer than nothing";
        breaker(Breaker::new().wait_up_to(ZERO)) => "breaker.wait_up_to", "be longer than nothing";
        breaker(Breaker::new().ramp(ZERO)) => "breaker.ramp", "be longer than nothing";
        breaker(Breaker::new().open(S).max_open(HALF)) => "breaker.max_open", "not be shorter than open";
        breaker(Breaker::new().open(S).reset_timeout(S))
            => "breaker.reset_timeout", "not stand beside open or max_open";
        breaker(Breaker::new().probes(0)) => "breaker.probes", "be at least 1";
        breaker(Breaker::new().group("")) => "breaker.group", "not be empty";
        rate_limit(RateLimit::new(0, S)) => "rate_limit.permits", "be at least 1";
        rate_limit(RateLimit::new(1, ZERO)) => "rate_limit.per", "be longer than nothing";
        rate_limit(RateLimit::new(1, S).burst(0)) => "rate_limit.burst", "be at least 1";
        rate_limit(RateLimit::new(1, S).group("")) => "rate_limit.group", "not be empty";
        max_in_flight(MaxInFlight::new(0)) => "max_in_flight.limit", "be at least 1";
        max_in_flight(MaxInFlight::new(1).wait(ZERO))
            => "max_in_flight.wait", "leave some time; `queue = 0` waits for nobody";
        max_in_flight(MaxInFlight::new(1).group("")) => "max_in_flight.group", "not be empty";
        hedge(Hedge::after(SOON)) => "hedge.after", "be at least 1 ms";
        hedge(Hedge::p95().max(0)) => "hedge.max", "be from 1 to 5";
        hedge(Hedge::p95().max(6)) => "hedge.max", "be from 1 to 5";
    }
}

#[tokio::test(start_paused = true)]
async fn cfg_1_one_call_and_one_operation_change_nothing_of_what_others_share() {
    static LIMITED: Operation =
        Operation::get("T::a", "/").rules(&OperationRules::new().rate_limit(RateLimit::new(1, S)));
    static PLACED: Operation =
        Operation::get("T::a", "/").rules(&OperationRules::new().max_in_flight(MaxInFlight::new(1)));
    static BROKEN: Operation = Operation::get("T::a", "/")
        .rules(&OperationRules::new().breaker(Breaker::new().failure_threshold(1)));
    static FINE: Operation = Operation::get("T::a", "/").rules(
        &OperationRules::new()
            .rate_limit(RateLimit::new(1, S).group("g"))
            .max_in_flight(MaxInFlight::new(1).group("g"))
            .breaker(Breaker::new().failure_threshold(1).group("g")),
    );
    static OFF: Operation = Operation::get("T::a", "/").rules(
        &OperationRules::new()
            .rate_limit(RateLimit::off())
            .max_in_flight(MaxInFlight::off())
            .breaker(Breaker::off()),
    );
    let (bare, script) = transport([200, 200].map(pynector::backend::Step::status));
    for (operation, field) in [(&LIMITED, "rate_limit"), (&PLACED, "max_in_flight"), (&BROKEN, "breaker")] {
        let (named, rule) = refusal(bare.call(operation).send::<()>().await);
        assert_eq!(named, field);
        assert!(rule.contains("name a group"), "{rule}");
    }
    for (options, field) in [
        (CallOptions::new().rate_limit(RateLimit::new(1, S).group("g")), "rate_limit"),
        (CallOptions::new().max_in_flight(MaxInFlight::new(1)), "max_in_flight"),
        (CallOptions::new().breaker(Breaker::new().probes(2)), "breaker"),
    ] {
        let (named, rule) = refusal(bare.with_options(options).call(&GET).send::<()>().await);
        assert_eq!(named, field);
        assert!(rule.contains("for single calls"), "{rule}");
    }
    assert_eq!(script.requests().len(), 0);
    for operation in [&FINE, &OFF] {
        bare.call(operation).send::<()>().await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn cfg_1_one_level_asks_for_retries_or_for_hedging() {
    let (hedge, retry) = (Hedge::p95(), RetryPolicy::new().max_retries(1));
    let built = HttpTransport::builder("http://h").hedge(hedge).retry(retry).build();
    assert_eq!(refusal(built).0, "hedge");
    let (bare, _) = transport([]);
    let both = bare.with_options(CallOptions::new().retry(retry).hedge(hedge));
    assert_eq!(refusal(both.call(&GET).send::<()>().await).0, "hedge");
    HttpTransport::builder("http://h").hedge(hedge).retry(RetryPolicy::off()).build().unwrap();
    // Later options are nearer than earlier ones.
    let nearer = bare.with_options(CallOptions::new().retry(retry));
    let nearer = nearer.with_options(CallOptions::new().hedge(hedge));
    assert_ne!(nearer.call(&GET).send::<()>().await.unwrap_err().kind(), ErrorKind::Config);
}

/// Registers two clients over one transport, which both name what the other one names.
macro_rules! registered {
    ($first:expr, $second:expr) => {{
        struct First;
        impl Client for First {
            const API: Api = $first;

            fn wrap(_: HttpTransport) -> Self {
                Self
            }
        }
        struct Second;
        impl Client for Second {
            const API: Api = $second;

            fn wrap(_: HttpTransport) -> Self {
                Self
            }
        }
        let (bare, _) = built(HttpTransport::builder("http://h"), []);
        bare.clone().for_client::<First>().unwrap();
        // Who says the same again, or nothing, may.
        bare.clone().for_client::<First>().unwrap();
        bare.clone().for_client::<HttpTransport>().unwrap();
        bare.for_client::<Second>()
    }};
}

#[test]
fn cfg_1_what_clients_of_one_transport_share_has_one_set_of_numbers() {
    const OF_VERB: Operation =
        Operation::get("A::a", "/").rules(&OperationRules::new().rate_limit(RateLimit::new(2, S).group("g")));
    const PLACES: MaxInFlight = MaxInFlight::new(8);
    let limited = registered!(
        Api::new("A", &[]).rate_limit(RateLimit::new(1, S)),
        Api::new("B", &[]).rate_limit(RateLimit::new(2, S))
    );
    assert_eq!(refusal(limited).0, "rate_limit");
    let grouped = registered!(
        Api::new("A", &[]).rate_limit(RateLimit::new(1, S).group("g")),
        Api::new("B", &[OF_VERB])
    );
    assert_eq!(refusal(grouped).0, "rate_limit");
    let placed = registered!(
        Api::new("A", &[]).max_in_flight(PLACES),
        Api::new("B", &[]).max_in_flight(PLACES.queue(1))
    );
    assert_eq!(refusal(placed).0, "max_in_flight");
    let broken = registered!(
        Api::new("A", &[]).breaker(Breaker::new().probes(2).group("g")),
        Api::new("B", &[]).breaker(Breaker::new().ramp(S).group("g"))
    );
    assert_eq!(refusal(broken).0, "breaker.group");
    // Other groups are others', and off is nobody's.
    let other = registered!(
        Api::new("A", &[]).max_in_flight(PLACES),
        Api::new("B", &[]).max_in_flight(MaxInFlight::new(9).group("g")).rate_limit(RateLimit::off())
    );
    assert!(other.is_ok());
}
