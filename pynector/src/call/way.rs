//! The way of a call to its response: what is bound becomes a request, which goes into the loop.

use std::sync::Arc;
use std::task::{Context, Poll};

#[cfg(feature = "cache")]
use super::cached::execute;
use super::{Call, Wanted};
use crate::backend::BoxFuture;
use crate::course::Course;
use crate::error::{CallContext, Error, Result};
#[cfg(not(feature = "cache"))]
use crate::execute::execute;
use crate::operation::{Operation, Resolved};
use crate::response::decode;
use crate::response::further::Fetch;
use crate::response::receive::{Arriving, Look, Vacant};
use crate::transport::capture::{Made, whole};
use crate::transport::http::HttpTransport;
use crate::transport::receive::Arrival;

/// A call that only waits to be let in.
struct Ready {
    call: Box<Course>,
    /// Who makes the request once more.
    again: Option<Arc<dyn Fetch>>,
}

/// Where a call goes.
pub(super) enum Way {
    /// To its response.
    Sent(Sent),
    /// No further than to its request.
    Built(Built),
}

/// A call that goes to its response: in a box, so that the futures of a program do not grow by the size of a call and of the
/// loop, and none of it is compiled for each type again.
pub(super) struct Sent(BoxFuture<'static, Result<Arrival>>);

/// A request that is only wanted, on its way to the capture.
pub(super) struct Built {
    transport: HttpTransport,
    /// Until it is there.
    made: Option<Made>,
}

impl Built {
    /// Leaves the request in the capture.
    pub(super) fn keep(&mut self) {
        if let (Some(capture), Some(made)) = (self.transport.capture(), self.made.take()) {
            capture.keep(made);
        }
    }
}

impl Arriving for Sent {
    type Arrival = Arrival;

    fn poll_arrival(&mut self, cx: &mut Context<'_>) -> Poll<Result<Arrival>> {
        self.0.as_mut().poll(cx)
    }

    fn poll_seen(&mut self, cx: &mut Context<'_>, look: Look<'_>) -> Poll<Result<()>> {
        self.poll_arrival(cx).map(|arrival| arrival?.show(look))
    }

    fn poll_decoded(&mut self, cx: &mut Context<'_>, Vacant(place): Vacant<'_>) -> Poll<Result<()>> {
        self.poll_seen(cx, &mut |head, body| decode::fill(place, head, body))
    }
}

impl Call {
    /// Sends the call on its way, on which nothing happens until it is polled.
    ///
    /// The request is made before the future, which would keep room for all that was bound until the call is over (record 0210).
    pub(super) fn arrive(self, wanted: &Wanted) -> Way {
        // Moved first: a call of which nothing else is done is lent by each method, and not copied there (record 0222).
        let mut call = self;
        let operation = call.plan.operation();
        if call.transport.capture().is_some() {
            let made = call.built(wanted).map_err(|error| unsent(error, operation));
            return Way::Built(Built { transport: call.transport, made: Some(made) });
        }
        let ready = call.settle(wanted).and_then(|settings| {
            let request = call.request(wanted, &settings)?;
            let again = wanted
                .further
                .as_ref()
                .map(|further| (further.again)(&call.transport, operation, &settings, &request));
            Ok(Ready { call: Course::new(call.transport.core(), operation, settings, request), again })
        });
        let transport = call.transport;
        Way::Sent(Sent(Box::pin(async move {
            let entered = ready.and_then(|ready| Ok((ready, transport.enter()?)));
            let (Ready { call, again }, in_flight) = entered.map_err(|error| unsent(error, operation))?;
            let answer = execute(call, &*in_flight.backend).await?;
            let mut arrival = Arrival::new(answer, in_flight);
            arrival.answers(operation, again);
            Ok(arrival)
        })))
    }

    fn built(&mut self, wanted: &Wanted) -> Made {
        let settings = self.settle(wanted)?;
        whole(self.request(wanted, &settings), self.transport.capture())
    }

    /// What the call goes by, unless a value did not fit.
    fn settle(&mut self, wanted: &Wanted) -> Result<Arc<Resolved>> {
        match self.rare.as_mut().and_then(|rare| rare.error.take()) {
            Some(error) => Err(error),
            None => self.transport.settle(&self.plan, self.options(), wanted.buffered),
        }
    }
}

fn unsent(error: Error, operation: &'static Operation) -> Error {
    error.with_call(CallContext { operation: Some(operation.name()), ..CallContext::default() })
}

#[cfg(all(test, any(feature = "hyper", feature = "reqwest")))]
mod tests {
    use super::*;

    /// The largest piece of memory, in bytes, that a thread has back at once from the allocator of glibc (its `tcache`); others
    /// draw similar lines.
    const AT_HAND: usize = 1032;

    /// What the compiler copies with registers, and not by calling `memcpy`, at each link (record 0207).
    const IN_REGISTERS: usize = 128;

    #[test]
    fn a_call_in_the_making_moves_for_little() {
        assert!(size_of::<Call>() <= IN_REGISTERS, "{} bytes", size_of::<Call>());
    }

    #[test]
    fn both_boxes_of_a_call_are_given_back_at_once() {
        const READ: Operation = Operation::get("Things::get", "/");
        let transport = HttpTransport::builder("http://h").build().unwrap();
        let Way::Sent(Sent(waiting)) = transport.call(&READ).arrive(&Wanted::of::<u32>()) else { panic!() };
        let sizes = [size_of_val(&*waiting), size_of::<Course>()];
        assert!(sizes.iter().all(|size| *size <= AT_HAND), "{sizes:?}");
    }
}
