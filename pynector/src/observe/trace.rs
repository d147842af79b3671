//! Events of calls as events of `tracing` (OBS-2).

use tracing::{debug, trace, warn};

use super::{CallInfo, Event, Observer};

/// Passes on what happens to `tracing`: circuits and refusals as warnings, retries and the ends of attempts for debugging, all
/// else as traces.
///
/// Each event has the fields `operation`, `http.request.method` and `server.address`, by the names of OpenTelemetry where it has
/// one. No header, query or body is among them (OBS-3). They stand in whatever span the call is made in; pynector opens none.
///
/// ```
/// let transport = pynector::HttpTransport::builder("https://api.example.com")
///     .observer(pynector::TracingObserver::default())
///     .build()?;
/// # Ok::<(), pynector::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct TracingObserver;

/// One event with the fields that all have.
macro_rules! tell {
    ($level:ident, $call:expr, $($rest:tt)*) => {
        $level!(
            operation = $call.operation,
            http.request.method = $call.method.map(http::Method::as_str),
            server.address = $call.host,
            $($rest)*
        )
    };
}

impl Observer for TracingObserver {
    fn event(&self, call: &CallInfo<'_>, event: &Event) {
        match event {
            Event::AttemptEnded { attempt, outcome, elapsed, .. } => {
                tell!(debug, call, attempt, ?outcome, ?elapsed, "an attempt ended");
            }
            Event::RetryScheduled { attempt, delay, reason, source } => {
                tell!(debug, call, attempt, ?delay, ?reason, ?source, "another attempt follows");
            }
            Event::RetryStopped { reason } => tell!(debug, call, ?reason, "no further attempt"),
            Event::Rejected { by } => tell!(warn, call, ?by, "an attempt was refused"),
            Event::Breaker { group, from, to, reason } => {
                tell!(warn, call, group, ?from, ?to, ?reason, "a circuit changed");
            }
            other => tell!(trace, call, event = ?other, "a step of a call"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::{self, Write as _};
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use tracing::field::{Field, Visit};
    use tracing::span::{Attributes, Id, Record};
    use tracing::{Metadata, Subscriber};

    use super::TracingObserver;
    use crate::observe::{CallInfo, Event, Observer as _, Rejecter};
    use crate::policy::classify::{Outcome, Stage};

    /// Keeps each event as one line.
    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<String>>>);

    struct Line(String);

    impl Visit for Line {
        fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
            let _ = write!(self.0, " {}={value:?}", field.name());
        }
    }

    impl Subscriber for Lines {
        fn enabled(&self, _: &Metadata<'_>) -> bool {
            true
        }

        fn new_span(&self, _: &Attributes<'_>) -> Id {
            Id::from_u64(1)
        }

        fn record(&self, _: &Id, _: &Record<'_>) {}

        fn record_follows_from(&self, _: &Id, _: &Id) {}

        fn event(&self, event: &tracing::Event<'_>) {
            let mut line = Line(event.metadata().level().to_string());
            event.record(&mut line);
            self.0.lock().unwrap().push(line.0);
        }

        fn enter(&self, _: &Id) {}

        fn exit(&self, _: &Id) {}
    }

    #[test]
    fn obs_2_events_are_told_with_their_fields() {
        let (lines, method) = (Lines::default(), http::Method::GET);
        let call = CallInfo::new("Api::get", "/x/{id}", &method, "h");
        tracing::subscriber::with_default(lines.clone(), || {
            let outcome = Outcome::Status(503);
            let elapsed = Duration::from_secs(1);
            let ended = Event::AttemptEnded { attempt: 1, outcome, stage: Stage::Responded, elapsed };
            TracingObserver.event(&call, &ended);
            TracingObserver.event(&call, &Event::Rejected { by: Rejecter::Bulkhead });
            TracingObserver.event(&call, &Event::AttemptStarted { attempt: 2 });
        });
        let told = lines.0.lock().unwrap().clone();
        let common = "operation=\"Api::get\" http.request.method=\"GET\" server.address=\"h\"";
        assert!(told.iter().all(|line| line.contains(common)), "{told:#?}");
        assert!(
            told[0].starts_with("DEBUG ") && told[0].contains("attempt=1 outcome=Status(503) elapsed=1s")
        );
        assert!(told[1].starts_with("WARN ") && told[1].contains("by=Bulkhead"));
        assert!(told[2].starts_with("TRACE ") && told[2].contains("AttemptStarted"));
    }
}
