//! The loop of a call: admit, attempt, settle, decide, wait. Above it requests are built, below it bytes move.

use crate::answer::Answer;
use crate::attempt::attempt;
use crate::backend::Backend;
use crate::clock;
use crate::course::Course;
use crate::error::Result;
use crate::hedge::StartRace;

/// Runs one call to its end: every attempt, every hop, every wait. Its clocks begin here.
///
/// The order is fixed (ORD-1): deadline, retry or hedging, credentials, the gate (circuit, rate limit, bulkhead), the attempt.
pub(crate) async fn execute(mut call: Box<Course>, backend: &dyn Backend) -> Result<Answer> {
    call.depart();
    loop {
        if let Err(error) = call.authorize().await {
            return call.give_up(error);
        }
        if let Err(refused) = call.ask().await {
            return call.refused(refused);
        }
        if let Err(error) = call.begin() {
            return call.give_up(error);
        }
        let hedging = call.hedging();
        let race = hedging.and_then(|hedging| Some((hedging.by.code::<StartRace>()?, hedging)));
        let mut ended = match race {
            None => {
                call.send();
                let mut ended = attempt(backend, &call.outgoing()).await;
                call.record(&mut ended);
                ended
            }
            Some((race, hedging)) => {
                let ended = race(&mut call, backend, hedging).await;
                call.resume();
                ended
            }
        };
        if ended.is_success(call.settings())
            && let Some(head) = ended.head.take()
        {
            return Ok(call.answer(head, ended.body));
        }
        match call.after_failure(ended) {
            Ok(wait) => {
                clock::sleep(wait).await;
                call.resume();
            }
            Err(error) => return call.give_up(error),
        }
    }
}
