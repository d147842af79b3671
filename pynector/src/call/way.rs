//! The way of a call to its response: when it is first polled, what is bound becomes a request, and goes into the loop.

use std::future::pending;
use std::sync::Arc;

use super::again::Again;
#[cfg(feature = "cache")]
use super::cached::execute;
use super::{Call, Wanted};
use crate::backend::BoxFuture;
use crate::course::Course;
use crate::error::{CallContext, Error, Result};
#[cfg(not(feature = "cache"))]
use crate::execute::execute;
use crate::operation::{Operation, Resolved};
use crate::response::further::Fetch;
use crate::transport::receive::Arrival;
use crate::transport::session::InFlight;

/// A call that is about to be made.
struct Departing {
    call: Box<Course>,
    in_flight: InFlight,
    /// Who makes the request once more.
    again: Option<Arc<dyn Fetch>>,
}

impl Call {
    /// Makes the call up to its response, in a box: the futures of a program do not grow by the size of a call and of the
    /// loop, and none of it is compiled for each type again.
    pub(super) fn arrive(self, wanted: fn() -> Wanted) -> BoxFuture<'static, Result<Arrival>> {
        if self.transport.capture().is_some() {
            // It goes no further, so it needs no room for the loop.
            return Box::pin(async move {
                self.leave(&wanted());
                pending().await
            });
        }
        Box::pin(async move {
            let operation = self.plan.operation();
            let departing = self.depart(&wanted()).map_err(|error| unsent(error, operation))?;
            let Departing { call, in_flight, again } = departing;
            let answer = execute(call, &*in_flight.backend).await?;
            Ok(Arrival::new(answer, in_flight).of(operation, again))
        })
    }

    /// Leaves the request, which is all that is wanted.
    fn leave(mut self, wanted: &Wanted) {
        let operation = self.plan.operation();
        let made = self.settled(wanted).and_then(|settings| self.request(wanted, &settings));
        if let Some(capture) = self.transport.capture() {
            capture.keep(made.map_err(|error| unsent(error, operation)));
        }
    }

    /// Makes the request, and lets the call in.
    fn depart(mut self, wanted: &Wanted) -> Result<Departing> {
        let operation = self.plan.operation();
        let settings = self.settled(wanted)?;
        let request = self.request(wanted, &settings)?;
        let transport = self.transport;
        let in_flight = transport.enter()?;
        let again = wanted.further.then(|| Again::of(&transport, operation, &settings, &request));
        let call = Course::new(transport.core(), operation, settings, request);
        Ok(Departing { call, in_flight, again })
    }

    /// What the call goes by, unless a value did not fit.
    fn settled(&mut self, wanted: &Wanted) -> Result<Arc<Resolved>> {
        self.error.take().map_or_else(|| self.transport.settle(&self.plan, wanted.buffered), Err)
    }
}

fn unsent(error: Error, operation: &'static Operation) -> Error {
    error.with_call(CallContext { operation: Some(operation.name()), ..CallContext::default() })
}
