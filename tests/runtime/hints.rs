//! What servers and this side tell each other beside the answer: vendor waits, nothing left, and how long the caller waits.

use std::time::Duration;

use pynector::backend::{ScriptBackend, Step};
use pynector::{ErrorKind, Failure, HttpTransport, Jitter, RateLimit, RetryPolicy, Timeouts};
use tokio::time::Instant;

use crate::{GET, MS, S, built};

const AT_ONCE: RetryPolicy = RetryPolicy::new().initial_backoff(Duration::ZERO).jitter(Jitter::None);

async fn call(transport: &HttpTransport) -> Result<u32, ErrorKind> {
    transport.call(&GET).send::<u32>().await.map_err(|error| error.kind())
}

async fn waited(policy: RetryPolicy, busy: Step) -> Duration {
    let builder = HttpTransport::builder("http://h").retry(policy);
    let (transport, _) = built(builder, [busy, Step::json("7")]);
    let started = Instant::now();
    assert_eq!(call(&transport).await, Ok(7));
    started.elapsed()
}

fn busy(name: &str, value: &str) -> Step {
    Step::status(429).header("retry-after", "2").header(name, value)
}

#[tokio::test(start_paused = true)]
async fn ra_7_waits_in_milliseconds_are_read_by_those_who_ask_for_it() {
    let vendor = AT_ONCE.vendor_retry_after();
    for name in ["retry-after-ms", "x-ms-retry-after-ms"] {
        assert_eq!(waited(AT_ONCE, busy(name, "350")).await, 2 * S);
        assert_eq!(waited(vendor, busy(name, "350")).await, 350 * MS);
        for unfit in ["", "soon", "-1", "3.5"] {
            assert_eq!(waited(vendor, busy(name, unfit)).await, 2 * S, "{unfit:?}");
        }
    }
    let too_long = busy("retry-after-ms", "99999999999999999999999");
    let (transport, script) = built(HttpTransport::builder("http://h").retry(vendor), [too_long]);
    assert_eq!(call(&transport).await, Err(ErrorKind::Status(429)));
    assert_eq!(script.requests().len(), 1, "longer than `max_retry_after` (RA-4)");
}

/// The time between two calls, of which the first is answered by `first`.
async fn pause_after(limit: Option<RateLimit>, first: Step) -> Duration {
    let builder = HttpTransport::builder("http://h").retry(RetryPolicy::off());
    let builder = if let Some(limit) = limit { builder.rate_limit(limit) } else { builder };
    let (transport, _) = built(builder, [first, Step::json("7")]);
    let started = Instant::now();
    let _ = call(&transport).await;
    assert_eq!(call(&transport).await, Ok(7));
    started.elapsed()
}

#[tokio::test(start_paused = true)]
async fn ra_6_a_server_with_nothing_left_is_left_alone_by_the_rate_limit() {
    let limit = Some(RateLimit::new(100, S));
    let empty = || Step::json("7").header("ratelimit", r#""default";r=0;t=30"#);
    assert_eq!(pause_after(limit, empty()).await, 30 * S);
    assert_eq!(pause_after(None, empty()).await, Duration::ZERO, "no limit, no pause");
    assert_eq!(pause_after(limit, empty().header("retry-after", "1")).await, Duration::ZERO);
    let left = Step::json("7").header("ratelimit", r#""default";r=1;t=30"#);
    assert_eq!(pause_after(limit, left).await, Duration::ZERO);
    let malformed = Step::json("7").header("ratelimit", "limit=10, remaining=0, reset=30");
    assert_eq!(pause_after(limit, malformed).await, Duration::ZERO);
}

fn left(script: &ScriptBackend) -> Vec<Option<String>> {
    let of =
        |headers: &pynector::http::HeaderMap| Some(headers.get("x-time-left")?.to_str().ok()?.to_owned());
    script.requests().iter().map(|request| of(&request.headers)).collect()
}

#[tokio::test(start_paused = true)]
async fn tmo_8_each_attempt_says_how_much_of_the_deadline_is_left() {
    let timeouts = Timeouts::new().deadline(5 * S).deadline_header("X-Time-Left");
    let builder = || HttpTransport::builder("http://h").retry(AT_ONCE.initial_backoff(1500 * MS));
    let steps = || [Step::fail(Failure::Interrupted).after(250 * MS), Step::json("7")];
    let (transport, script) = built(builder().timeouts(timeouts), steps());
    assert_eq!(call(&transport).await, Ok(7));
    assert_eq!(left(&script), [Some("5000".to_owned()), Some("3250".to_owned())]);

    let (transport, script) = built(builder().timeouts(timeouts.no_deadline()), steps());
    assert_eq!(call(&transport).await, Ok(7));
    assert_eq!(left(&script), [None, None], "there is none without a deadline");

    for name in ["x time", "content-length", ""] {
        let built =
            HttpTransport::builder("http://h").timeouts(Timeouts::new().deadline_header(name)).build();
        assert_eq!(built.unwrap_err().kind(), ErrorKind::Config, "{name}");
    }
}
