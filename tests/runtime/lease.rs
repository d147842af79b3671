//! How long a probe may take, and what a panic behind one costs.

use pynector::backend::Step;
use pynector::{
    Breaker, BreakerUnit, CallInfo, CallOptions, CircuitState, Event, HttpTransport, Jitter, Observer,
    RetryPolicy,
};

use crate::{GET, S, built};

fn breaker() -> Breaker {
    Breaker::on().failure_threshold(1).min_failure_rate(0.0).open(S).max_open(S)
}

#[tokio::test(start_paused = true)]
async fn brk_5_a_probe_that_is_a_whole_call_has_the_time_of_a_call() {
    let busy = Step::status(503).header("retry-after", "20");
    let retry = RetryPolicy::on().jitter(Jitter::None);
    let builder = HttpTransport::builder("http://h").breaker(breaker().unit(BreakerUnit::Call)).retry(retry);
    let (transport, script) = built(builder, [Step::status(500), busy, Step::json("7")]);
    let once = transport.with_options(CallOptions::new().retry(RetryPolicy::off()));
    assert!(once.call(&GET).send::<u32>().await.is_err());
    tokio::time::sleep(2 * S).await;

    let probe = tokio::spawn({
        let transport = transport.clone();
        async move { transport.call(&GET).send::<u32>().await }
    });
    tokio::time::sleep(15 * S).await;
    assert!(once.call(&GET).send::<u32>().await.unwrap_err().is_circuit_open(), "the probe is under way");
    assert_eq!(probe.await.unwrap().unwrap(), 7);
    assert_eq!(transport.circuit().state(), CircuitState::Closed);
    assert_eq!(script.remaining(), 0);
}

/// Panics at everything that comes after an attempt.
#[derive(Debug)]
struct Brittle;

impl Observer for Brittle {
    fn event(&self, _: &CallInfo<'_>, event: &Event) {
        assert!(matches!(event, Event::AttemptStarted { .. }), "the observer of this test panics");
    }
}

#[tokio::test(start_paused = true)]
async fn an_observer_that_panics_twice_does_not_take_the_program_along() {
    let builder = HttpTransport::builder("http://h").breaker(breaker()).observer(Brittle);
    let (transport, _) = built(builder, [Step::hang()]);
    let circuit = transport.circuit();
    let call = tokio::spawn(async move { transport.call(&GET).send::<u32>().await });
    assert!(call.await.unwrap_err().is_panic());
    assert_eq!(circuit.state(), CircuitState::Open, "the attempt counts all the same");
}
