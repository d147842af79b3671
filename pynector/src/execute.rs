//! The loop of a call: admit, attempt, settle, decide, wait. Above it requests are built, below it bytes move.

use std::sync::Arc;

use crate::answer::Answer;
use crate::attempt::{Request, attempt};
use crate::backend::Backend;
use crate::clock;
use crate::course::{Course, Next};
use crate::error::Result;
use crate::gate::{Core, Pass};
use crate::hedge;
use crate::operation::{Operation, Resolved};

/// Runs one call to its end: every attempt, every hop, every wait.
///
/// The order is fixed (ORD-1): deadline, retry or hedging, credentials, the gate (circuit, rate limit, bulkhead), the attempt.
#[expect(clippy::large_types_passed_by_value, reason = "moved once, into the future that the caller boxes")]
pub(crate) async fn execute(
    core: &Arc<Core>,
    backend: &dyn Backend,
    operation: &'static Operation,
    settings: Resolved,
    request: Request,
) -> Result<Answer> {
    let mut call = Course::new(core, operation, &settings, request);
    let mut kept = None;
    loop {
        if let Err(error) = call.authorize().await {
            return call.give_up(error);
        }
        let mut pass = match Pass::ask(call.teller(), &settings, call.deadline(), kept).await {
            Ok(pass) => pass,
            Err(refused) => return call.refused(refused),
        };
        if let Err(error) = call.begin(pass.started()) {
            return call.give_up(error);
        }
        let (ended, pass) = match call.hedging() {
            None => {
                let (info, started) = (call.info(), pass.started());
                pass.begin(call.attempts());
                let mut ended =
                    attempt(backend, &settings, call.request(), info, started, call.deadline()).await;
                call.record(&mut ended);
                pass.end();
                (ended, pass)
            }
            Some(hedging) => Box::pin(hedge::race(&mut call, backend, hedging, pass)).await,
        };
        let (head, body) = match ended.into_success(&settings) {
            Ok(success) => success,
            Err(ended) => match call.after_failure(*ended, pass) {
                Ok(Next { wait, pass }) => {
                    kept = pass;
                    clock::sleep(wait).await;
                    continue;
                }
                Err(error) => return call.give_up(error),
            },
        };
        return Ok(call.answer(head, body, pass));
    }
}
