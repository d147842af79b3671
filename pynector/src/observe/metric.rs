//! Events of calls as metrics, through the facade of the crate `metrics` (OBS-2).

use metrics::{counter, gauge, histogram};

use super::{CallInfo, Event, HedgeStep, Observer};
use crate::policy::circuit::CircuitState;
use crate::policy::classify::Outcome;

/// Records what happens by the recorder that the program has installed for `metrics`.
///
/// | metric | kind | what |
/// | --- | --- | --- |
/// | `http.client.request.duration` | histogram, seconds | one attempt; `http.response.status_code`, or `error.type` where there is no answer |
/// | `http.client.active_requests` | gauge | attempts under way |
/// | `pynector.retries` | counter | another attempt was decided for; `source` says who asked for the wait |
/// | `pynector.retries.stopped` | counter | none was; `reason` says why, the budget for example |
/// | `pynector.hedges` | counter | requests beside another one |
/// | `pynector.cache` | counter | what a cache did, by `step` |
/// | `pynector.rejected` | counter | attempts that were refused; `by` says by whom |
/// | `pynector.waiting` | gauge | attempts that wait at the gate; `at` says for whom |
/// | `pynector.circuit.state` | gauge | 0 closed, 1 half-open, 2 open; by host and `group` |
///
/// Each has the labels `operation`, `http.request.method` and `server.address`, but for the last one. No header, query or body is
/// among them (OBS-3). A client that calls very many hosts has as many labels.
///
/// ```
/// let transport = pynector::HttpTransport::builder("https://api.example.com")
///     .observer(pynector::MetricsObserver::default())
///     .build()?;
/// # Ok::<(), pynector::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct MetricsObserver;

/// One metric with the labels that all have.
macro_rules! of_call {
    ($kind:ident, $name:literal, $call:expr $(, $label:literal => $value:expr)*) => {
        $kind!(
            $name,
            "operation" => $call.operation,
            "http.request.method" => $call.method.map(ToString::to_string).unwrap_or_default(),
            "server.address" => $call.host.to_owned()
            $(, $label => $value)*
        )
    };
}

impl Observer for MetricsObserver {
    fn event(&self, call: &CallInfo<'_>, event: &Event) {
        let active = |by: f64| of_call!(gauge, "http.client.active_requests", call).increment(by);
        match event {
            Event::AttemptStarted { .. } => active(1.0),
            Event::AttemptEnded { outcome, elapsed, .. } => {
                active(-1.0);
                let took = match outcome {
                    Outcome::Status(status) => of_call!(
                        histogram, "http.client.request.duration", call,
                        "http.response.status_code" => status.to_string()
                    ),
                    Outcome::Failed(failure) => of_call!(
                        histogram, "http.client.request.duration", call, "error.type" => format!("{failure:?}")
                    ),
                };
                took.record(elapsed.as_secs_f64());
            }
            Event::AttemptAbandoned { .. } | Event::Hedge { step: HedgeStep::Lost, .. } => active(-1.0),
            Event::Hedge { step: HedgeStep::Started, .. } => {
                of_call!(counter, "pynector.hedges", call).increment(1);
            }
            Event::RetryScheduled { source, .. } => {
                of_call!(counter, "pynector.retries", call, "source" => format!("{source:?}")).increment(1);
            }
            Event::RetryStopped { reason } => {
                of_call!(counter, "pynector.retries.stopped", call, "reason" => format!("{reason:?}"))
                    .increment(1);
            }
            Event::Rejected { by } => {
                of_call!(counter, "pynector.rejected", call, "by" => format!("{by:?}")).increment(1);
            }
            Event::Waiting { at } => {
                of_call!(gauge, "pynector.waiting", call, "at" => format!("{at:?}")).increment(1.0);
            }
            Event::Waited { at, .. } => {
                of_call!(gauge, "pynector.waiting", call, "at" => format!("{at:?}")).decrement(1.0);
            }
            Event::Breaker { group, to, .. } => {
                let state = match to {
                    CircuitState::Closed => 0.0,
                    CircuitState::HalfOpen => 1.0,
                    CircuitState::Open => 2.0,
                };
                let group = group.unwrap_or_default();
                gauge!("pynector.circuit.state", "server.address" => call.host.to_owned(), "group" => group)
                    .set(state);
            }
            Event::Cache { step } => {
                of_call!(counter, "pynector.cache", call, "step" => format!("{step:?}")).increment(1);
            }
            Event::Hedge { step: HedgeStep::Won, .. }
            | Event::Redirected { .. }
            | Event::StreamEnded { .. } => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use metrics_util::debugging::{DebugValue, DebuggingRecorder};

    use super::MetricsObserver;
    use crate::observe::{CallInfo, Event, Observer as _, Rejecter};
    use crate::policy::classify::{Failure, Outcome, Stage};

    #[test]
    fn obs_2_events_are_recorded_with_their_labels() {
        let recorder = DebuggingRecorder::new();
        let snapshotter = recorder.snapshotter();
        let method = http::Method::GET;
        let call = CallInfo::new("Api::get", "/x/{id}", &method, "h");
        metrics::with_local_recorder(&recorder, || {
            let outcome = Outcome::Failed(Failure::Refused);
            let elapsed = Duration::from_millis(1500);
            MetricsObserver.event(&call, &Event::AttemptStarted { attempt: 1 });
            MetricsObserver.event(&call, &Event::AttemptStarted { attempt: 2 });
            let ended = Event::AttemptEnded { attempt: 1, outcome, stage: Stage::NotSent, elapsed };
            MetricsObserver.event(&call, &ended);
            MetricsObserver.event(&call, &Event::Rejected { by: Rejecter::RateLimit });
        });
        let mut seen = Vec::new();
        for (key, _, _, value) in snapshotter.snapshot().into_vec() {
            let labels: Vec<_> =
                key.key().labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
            let value = match value {
                DebugValue::Counter(count) => count.to_string(),
                DebugValue::Gauge(value) => value.to_string(),
                DebugValue::Histogram(values) => format!("{values:?}"),
            };
            seen.push(format!("{} {} {value}", key.key().name(), labels.join(" ")));
        }
        seen.sort();
        let common = "operation=Api::get http.request.method=GET server.address=h";
        let expected = [
            format!("http.client.active_requests {common} 1"),
            format!("http.client.request.duration {common} error.type=Refused [1.5]"),
            format!("pynector.rejected {common} by=RateLimit 1"),
        ];
        assert_eq!(seen, expected);
    }
}
