//! The four clocks: which one ends what, and what the error says.

use std::time::Duration;

use pynector::backend::Step;
use pynector::{Clock, ErrorKind, HttpTransport, RetryPolicy, StopReason, Timeouts};
use tokio::time::Instant;

use crate::{GET, MS, S, built};

async fn fail(timeouts: Timeouts, steps: Vec<Step>) -> (pynector::Error, Duration, usize) {
    let (transport, script) = built(
        HttpTransport::builder("http://h").timeouts(timeouts).retry(RetryPolicy::new().max_retries(1)),
        steps,
    );
    let started = Instant::now();
    let error = transport.call(&GET).send::<u32>().await.unwrap_err();
    (error, started.elapsed(), script.requests().len())
}

#[tokio::test(start_paused = true)]
async fn tmo_1_each_clock_has_its_own_error() {
    let short = Timeouts::new().connect(S).attempt(3 * S).read(2 * S).deadline(30 * S);
    let slow_body = || Step::status(200).body("1").silence(9 * S).body("2");
    for (timeouts, step, kind, clock) in [
        (short, Step::connecting(), ErrorKind::ConnectTimeout, (Clock::Connect, S)),
        (short, Step::hang(), ErrorKind::Timeout, (Clock::Attempt, 3 * S)),
        (short, slow_body(), ErrorKind::Timeout, (Clock::Read, 2 * S)),
        (short.no_attempt().deadline(2 * S), Step::hang(), ErrorKind::Deadline, (Clock::Deadline, 2 * S)),
        (
            short.no_connect().attempt(500 * MS),
            Step::connecting(),
            ErrorKind::ConnectTimeout,
            (Clock::Connect, 500 * MS),
        ),
        (short.no_attempt().no_deadline(), slow_body(), ErrorKind::Timeout, (Clock::Read, 2 * S)),
    ] {
        let (error, _, _) = fail(timeouts, vec![step.clone(), step.clone()]).await;
        assert_eq!((error.kind(), error.clock()), (kind, Some(clock)), "{step:?}: {error}");
        assert!(error.is_timeout() && error.is_connection());
        assert_eq!(error.was_sent(), kind != ErrorKind::ConnectTimeout);
    }
}

#[tokio::test(start_paused = true)]
async fn tmo_2_an_attempt_gets_what_is_left_of_the_deadline() {
    let timeouts = Timeouts::new().attempt(3 * S).deadline(5 * S);
    let (error, elapsed, requests) = fail(timeouts, vec![Step::hang(), Step::hang()]).await;
    assert_eq!((error.kind(), requests), (ErrorKind::Deadline, 2));
    assert!(elapsed >= 5 * S && elapsed <= 5 * S + 5 * MS, "{elapsed:?}");
    assert_eq!(error.history().len(), 2);
    assert_eq!(error.history()[0].kind, ErrorKind::Timeout);
}

#[tokio::test(start_paused = true)]
async fn tmo_3_no_wait_begins_that_the_deadline_would_cut() {
    let timeouts = Timeouts::new().deadline(S);
    let refusal = Step::status(503).header("retry-after", "1");
    let (error, elapsed, requests) = fail(timeouts, vec![refusal, Step::json("7")]).await;
    assert_eq!((requests, error.kind()), (1, ErrorKind::Status(503)));
    assert!(elapsed < 50 * MS, "{elapsed:?}");

    let (error, elapsed, _) =
        fail(Timeouts::new().attempt(S).deadline(S + MS), vec![Step::hang(), Step::json("7")]).await;
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(matches!(error.stop_reason(), Some(StopReason::Deadline)), "{error:?}");
    assert!(elapsed <= S + 2 * MS, "{elapsed:?}");
}

#[tokio::test(start_paused = true)]
async fn tmo_4_an_answer_that_is_ready_in_time_wins() {
    let (transport, _) = built(
        HttpTransport::builder("http://h").timeouts(Timeouts::new().attempt(S).deadline(S)),
        [Step::json("7").after(S)],
    );
    assert_eq!(transport.call(&GET).send::<u32>().await.unwrap(), 7);
}

#[tokio::test(start_paused = true)]
async fn clocks_that_are_off_never_run_out() {
    let off = Timeouts::new().no_connect().no_attempt().no_read().no_deadline();
    let day = Duration::from_secs(86_400);
    let (transport, _) = built(
        HttpTransport::builder("http://h").timeouts(off),
        [Step::json("7").after(day).silence(day).body(" ")],
    );
    assert_eq!(transport.call(&GET).send::<u32>().await.unwrap(), 7);
}

#[tokio::test(start_paused = true)]
async fn a_hanging_call_ends_by_the_default_deadline() {
    let (transport, _) = built(HttpTransport::builder("http://h"), vec![Step::hang(); 9]);
    let started = Instant::now();
    let error = transport.call(&GET).send::<u32>().await.unwrap_err();
    assert!(error.is_timeout());
    assert!(started.elapsed() <= 60 * S + 5 * MS, "{:?}", started.elapsed());
}

#[pynector::api(timeouts(attempt = "9s", write = "2s"))]
trait Uploads {
    #[post("/slow")]
    async fn upload(&self, #[json] text: &str) -> pynector::Result<u32>;

    #[post("/patient", timeouts(write = none))]
    async fn patient(&self, #[json] text: &str) -> pynector::Result<u32>;
}

#[tokio::test(start_paused = true)]
async fn tmo_1_the_write_clock_bounds_each_stall_of_an_upload() {
    let steps =
        [Step::json("7").reading(1900 * MS), Step::json("7").reading(3 * S), Step::json("7").reading(3 * S)];
    let (uploads, script) = built(UploadsClient::builder().base_url("http://h"), steps);
    let text = "x".repeat(30_000);
    assert_eq!(uploads.upload(&text).await.unwrap(), 7);
    let error = uploads.upload(&text).await.unwrap_err();
    assert_eq!((error.kind(), error.clock()), (ErrorKind::Timeout, Some((Clock::Write, 2 * S))));
    assert!(error.was_sent() && error.attempts() == 1, "a POST that may have arrived is sent once");
    assert_eq!(uploads.patient(&text).await.unwrap(), 7);
    assert_eq!(script.requests().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn no_clock_runs_before_a_call_is_awaited() {
    let timeouts = Timeouts::new().connect(S).attempt(3 * S).deadline(5 * S);
    let steps = [Step::hang(), Step::json("7")];
    let builder =
        HttpTransport::builder("http://h").timeouts(timeouts).retry(RetryPolicy::new().max_retries(1));
    let (transport, _) = built(builder, steps);
    let call = transport.call(&GET).send::<u32>();
    tokio::time::sleep(60 * S).await;
    let started = Instant::now();
    assert_eq!(call.await.unwrap(), 7);
    assert!(started.elapsed() >= 3 * S, "the first attempt had all of its time");
}
