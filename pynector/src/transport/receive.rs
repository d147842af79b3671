//! The last step of a call, from its answer to what was promised; a stream takes the rest of the call with it.

use std::sync::Arc;
use std::time::Duration;

use crate::answer::{Answer, Parts};
use crate::attempt::{Ended, Trouble};
use crate::call::again::Again;
use crate::course::Course;
use crate::error::{Error, Result};
use crate::execute::execute;
use crate::gate::Pass;
use crate::observe::{Event, StreamEnd};
use crate::operation::{Operation, Resolved};
use crate::policy::classify::{self, Outcome, Verdict};
use crate::response::body::{Arrived, BodyError};
use crate::response::further::{Fetch, Fetched, Settle};
use crate::response::receive::{Arrival as _, Look, Making};
use crate::response::stream::{ByteStream, Keeper};
use crate::response::{self, FromResponse, Incoming, ResponseHead};
use crate::transport::http::HttpTransport;
use crate::transport::message::Message;
use crate::transport::session::InFlight;

/// What errors and events of streamed messages are named by.
const STREAM: Operation = Operation::post("HttpTransport::stream_response", "");

impl HttpTransport {
    /// Sends `message` and gives its response as a stream, once the head is here.
    ///
    /// Any status below 400 is a response; for a worse one the error keeps what an error keeps of a body. Up to the head
    /// this is a call like any other, with retries; from then on see [`ByteStream`]. Nothing waits to be
    /// [received](Self::receive). The transport must be [connected](Self::connect).
    ///
    /// ```no_run
    /// # use pynector::{HttpMessage, HttpTransport};
    /// # async fn run(transport: &HttpTransport, mut file: tokio::fs::File) -> Result<(), Box<dyn std::error::Error>> {
    /// let message = HttpMessage::new().url("/export.csv");
    /// let mut stream = transport.stream_response(&message).await?;
    /// tokio::io::copy_buf(&mut stream, &mut file).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send) but [`QueueFull`](crate::ErrorKind::QueueFull).
    pub async fn stream_response<M: Message>(&self, message: &M) -> Result<ByteStream> {
        self.open(message).await.map_err(|error| error.of_operation(STREAM.name()))
    }

    async fn open<M: Message>(&self, message: &M) -> Result<ByteStream> {
        let in_flight = self.enter_connected()?;
        let settings = Arc::new(Resolved { buffered: false, ..self.resolve_session()? });
        let request = self.prepare(message, &settings)?;
        let again = Again::of(self, &STREAM, &settings, &request);
        let call = Course::new(self.core(), &STREAM, settings, request);
        let answer = Box::pin(execute(call, &*in_flight.backend)).await?;
        let mut arrival = Arrival::new(answer, in_flight);
        arrival.answers(&STREAM, Some(again));
        arrival.decode().await
    }
}

/// A response that is here, and what its call is owed once it is decoded.
///
/// All that does not know the type stands here and in [`Owed`], so that it is compiled once and not for every type.
pub(crate) struct Arrival {
    answer: Answer,
    in_flight: InFlight,
    /// What it answers, where that is known.
    operation: Option<&'static Operation>,
    /// Who is asked for more, where the type may want more.
    further: Option<Arc<dyn Fetch>>,
}

/// What is still to be told when the response was decoded, or was not.
pub(crate) struct Owed {
    call: Box<Course>,
    /// The status of which the circuit hears after a whole body was decoded (record 0013). It hears of a stream, which has
    /// taken the rest of the call with it, at its end.
    status: Option<u16>,
    /// Dropped last: whoever waits for the call finds it settled.
    _in_flight: Option<InFlight>,
}

impl Arrival {
    pub(crate) fn new(answer: Answer, in_flight: InFlight) -> Self {
        Self { answer, in_flight, operation: None, further: None }
    }

    /// It answers `operation`; `further` is whom to ask for more.
    pub(crate) fn answers(&mut self, operation: &'static Operation, further: Option<Arc<dyn Fetch>>) {
        self.operation = Some(operation);
        self.further = further;
    }

    /// The response for whoever decodes it, and what its call is owed then.
    fn apart(self) -> (Incoming, Owed) {
        let Self { answer, in_flight, operation, further } = self;
        let Parts { head, body, absent, mut call } = answer.into_parts();
        let status = head.status.as_u16();
        let (mut incoming, owed) = match body {
            Arrived::Open(open) if !absent => {
                let (body, reading) = *open;
                let mut pass = call.take_pass();
                pass.begin_stream();
                let max_body = call.settings().max_body;
                let owed = Owed { call: call.aside(), status: None, _in_flight: None };
                let kept = Kept { pass, call, read: reading.read, _in_flight: in_flight };
                let stream = ByteStream::open(*head, body, reading, Box::new(kept));
                (Incoming::open(stream, max_body), owed)
            }
            body => {
                let incoming = match body {
                    Arrived::Whole(bytes) if !absent => Incoming::of_whole(head, bytes),
                    _ => Incoming::absent(head),
                };
                (incoming, Owed { _in_flight: Some(in_flight), ..Owed::new(call, status) })
            }
        };
        if let Some(operation) = operation {
            incoming.answers(operation, further);
        }
        (incoming, owed)
    }

    /// What its call is owed, where somebody has looked at the response and needs no more of it.
    fn over(self) -> Owed {
        let status = self.answer.head().status.as_u16();
        Owed { _in_flight: Some(self.in_flight), ..Owed::new(self.answer.call, status) }
    }

    /// Shows the whole response.
    pub(crate) fn show(self, look: Look<'_>) -> Result<()> {
        let told = self.answer.whole().and_then(|body| look(self.answer.head(), body));
        self.over().settle(told)
    }

    /// The response for whoever decodes it, and has asked for it behind the first.
    pub(crate) fn into_fetched(self) -> Fetched {
        let (incoming, owed) = self.apart();
        Fetched { incoming, owed: Box::new(owed) }
    }

    /// Makes a `T` of the response.
    pub(crate) async fn decode<T: FromResponse>(self) -> Result<T> {
        let making = match self.make::<Result<T>>() {
            Ok(made) => return made,
            Err(making) => making,
        };
        making.await
    }
}

impl response::receive::Arrival for Arrival {
    fn make<R: response::Outcome>(self) -> Result<R, Making<R>> {
        let (incoming, owed) = self.apart();
        match R::Value::from_whole(incoming) {
            Ok(made) => Ok(R::from_result(owed.settle(made))),
            Err(open) => {
                // Made here: it is `'static` by its own word, where its value need not be.
                let making = R::Value::from_response(*open);
                Err(Box::pin(async move { R::from_result(owed.settle(making.await)) }))
            }
        }
    }
}

impl Owed {
    /// What a call owes whose body is here.
    pub(crate) fn new(call: Box<Course>, status: u16) -> Self {
        Self { call, status: Some(status), _in_flight: None }
    }

    /// Tells the circuit, and in an error the story of the call.
    pub(crate) fn settle<T>(self, made: Result<T>) -> Result<T> {
        match made {
            Ok(value) => {
                self.decoded();
                Ok(value)
            }
            Err(error) => Err(self.failed(error)),
        }
    }

    fn decoded(mut self) {
        if let Some(status) = self.status {
            self.call.settle_status(status);
        }
    }

    fn failed(mut self, error: Error) -> Error {
        if self.status.is_some() {
            let pass = self.call.take_pass();
            pass.settle(Verdict::Neutral);
        } else if error.operation().is_some() {
            // An error of the stream itself has been told.
            return error;
        }
        self.call.tell(error)
    }
}

impl Settle for Owed {
    fn decoded(self: Box<Self>) {
        Self::decoded(*self);
    }

    fn failed(self: Box<Self>, error: Error) -> Error {
        Self::failed(*self, error)
    }
}

/// A call whose head is here and whose body is a stream; the circuit hears at the end of the stream (BOD-8).
struct Kept {
    pass: Pass,
    call: Box<Course>,
    read: Option<Duration>,
    /// Dropped last: whoever waits for the call finds it settled.
    _in_flight: InFlight,
}

impl Keeper for Kept {
    fn timed(&mut self, read: Duration) {
        self.read = Some(read);
    }

    fn whole(self: Box<Self>, bytes: u64) {
        self.pass.tell(&Event::StreamEnded { end: StreamEnd::Whole, bytes });
        self.pass.succeed(Verdict::Success);
    }

    fn dropped(self: Box<Self>, bytes: u64, silent: Duration) {
        self.pass.tell(&Event::StreamEnded { end: StreamEnd::Dropped, bytes });
        self.pass.settle(classify::left_early(silent, self.read));
    }

    fn broken(self: Box<Self>, bytes: u64, head: ResponseHead, why: BodyError) -> Error {
        let ended = Ended::without_body(Box::new(head), why, self.read);
        let end = match (&ended.trouble, ended.outcome) {
            (Trouble::Corrupt(_), _) | (_, Outcome::Status(_)) => StreamEnd::Corrupt,
            (_, Outcome::Failed(failure)) => StreamEnd::Broken(failure),
        };
        self.pass.tell(&Event::StreamEnded { end, bytes });
        self.pass.settle_late(&ended);
        self.call.streamed(ended)
    }
}
