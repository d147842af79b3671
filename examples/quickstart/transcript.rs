//! What the program prints: a line for each thing that happens, most of them heard through an `Observer`.

use std::fmt::Display;
use std::time::Duration;

use pynector::{AttemptOutcome, CallInfo, CircuitState, DelaySource, Event, Observer};

/// Prints one line of a step.
pub(crate) fn say(label: &str, text: impl Display) {
    println!("   {label:<12} {text}");
}

/// Tells what happens inside the calls while it happens.
#[derive(Debug)]
pub(crate) struct Narrator;

impl Observer for Narrator {
    fn event(&self, _: &CallInfo<'_>, event: &Event) {
        match event {
            Event::AttemptEnded { attempt, outcome, elapsed, .. } => {
                let outcome = match outcome {
                    AttemptOutcome::Status(status) => status.to_string(),
                    AttemptOutcome::Failed(_) => "no answer".to_owned(),
                };
                say(&format!("attempt {attempt}"), format_args!("{outcome} after {}", ms(*elapsed)));
            }
            Event::RetryScheduled { delay, source, .. } => {
                let who = match source {
                    DelaySource::RetryAfter => "as the server asked",
                    _ => "by backoff",
                };
                say("wait", format_args!("{}, {who}", ms(*delay)));
            }
            Event::Breaker { from, to, .. } => {
                say("circuit", format_args!("{} -> {}", state(*from), state(*to)));
            }
            Event::Rejected { .. } => say("refused", "by the breaker, nothing sent"),
            _ => {}
        }
    }
}

/// A duration in whole milliseconds.
pub(crate) fn ms(time: Duration) -> String {
    format!("{} ms", time.as_millis())
}

fn state(state: CircuitState) -> &'static str {
    match state {
        CircuitState::Closed => "closed",
        CircuitState::Open => "open",
        CircuitState::HalfOpen => "half-open",
    }
}
