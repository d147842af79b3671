//! pynector: its parser alone, and a whole call whose response is a stream of events.

use bytes::Bytes;
use futures_util::stream;
use http_body::Frame;
use http_body_util::StreamBody;
use pynector::backend::{AttemptInfo, Backend, BackendError, BoxFuture, ResponseBody};
use pynector::{Body, ByteStream, Events, FromEvent, FromResponse, HttpTransport, Operation};
use tokio::runtime::Runtime;

use crate::Sum;
use crate::load::{Chunk, Load};
use crate::parser::Parser;

const OPERATION: Operation = Operation::get("Feed::events", "/events");

/// A wire that answers with the load.
#[derive(Debug)]
struct Loaded(Vec<Bytes>);

impl Backend for Loaded {
    fn send(
        &self,
        _: http::Request<Body>,
        _: AttemptInfo,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, BackendError>> {
        let frames = self.0.clone().into_iter().map(|piece| Ok::<_, BackendError>(Frame::data(piece)));
        let body = ResponseBody::new(StreamBody::new(stream::iter(frames)));
        let response = http::Response::builder().header("content-type", "text/event-stream").body(body);
        Box::pin(std::future::ready(Ok(response.expect("a response"))))
    }
}

async fn called<T: FromResponse>(load: &Load) -> T {
    let backend = Loaded(load.pieces.clone());
    let transport = HttpTransport::builder("http://h").backend(backend).build().expect("a transport");
    transport.call(&OPERATION).send().await.expect("a response")
}

pub(crate) fn parser(_: &Runtime, load: &Load) -> Sum {
    let mut parser = Parser::new(64 << 20);
    let mut sum = (0, 0);
    for piece in &load.pieces {
        parser.feed(piece.clone());
        while parser.advance().expect("no limit is reached") {
            let event = std::hint::black_box(parser.event()).expect("an event");
            sum = (sum.0 + 1, sum.1 + event.data.len() as u64);
        }
    }
    sum
}

fn summed<T: FromEvent>(runtime: &Runtime, load: &Load, length: fn(&T) -> usize) -> Sum {
    runtime.block_on(async {
        let mut events: Events<T> = called(load).await;
        let mut sum = (0, 0);
        while let Some(event) = events.next().await {
            sum = (sum.0 + 1, sum.1 + length(&event.expect("an event").data) as u64);
        }
        sum
    })
}

pub(crate) fn texts(runtime: &Runtime, load: &Load) -> Sum {
    summed::<String>(runtime, load, |text| std::hint::black_box(text).len())
}

pub(crate) fn decoded(runtime: &Runtime, load: &Load) -> Sum {
    let (events, _) = summed::<Chunk>(runtime, load, |chunk| {
        chunk.keep();
        0
    });
    // What is decoded does not know its length.
    (events, load.sum.1)
}

/// What it costs to get the bytes, without a look at them.
pub(crate) fn bytes(runtime: &Runtime, load: &Load) -> Sum {
    runtime.block_on(async {
        let mut body: ByteStream = called(load).await;
        let mut size = 0;
        while let Some(piece) = body.next().await {
            size += piece.expect("a piece").len() as u64;
        }
        (0, size)
    })
}
