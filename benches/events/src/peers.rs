//! The crates beside pynector, each by the stream that it makes of a stream of bytes.

use std::convert::Infallible;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use tokio::runtime::Runtime;

use crate::Sum;
use crate::load::{Chunk, Load};

fn pieces(load: &Load) -> impl Stream<Item = Result<Bytes, Infallible>> + Unpin + '_ {
    stream::iter(load.pieces.iter().cloned().map(Ok))
}

/// Adds up `events`, of each of which `data` gives the length of the data.
fn summed<S: Stream>(runtime: &Runtime, events: S, mut data: impl FnMut(S::Item) -> Option<usize>) -> Sum {
    runtime.block_on(async {
        let mut events = std::pin::pin!(events);
        let mut sum = (0, 0);
        while let Some(event) = events.next().await {
            if let Some(length) = data(event) {
                sum = (sum.0 + 1, sum.1 + length as u64);
            }
        }
        sum
    })
}

fn text(data: &str) -> usize {
    std::hint::black_box(data).len()
}

fn json(data: &str) -> usize {
    serde_json::from_str::<Chunk>(data).expect("JSON").keep();
    data.len()
}

pub(crate) fn eventsource_stream(runtime: &Runtime, load: &Load) -> Sum {
    let events = eventsource_stream::EventStream::new(pieces(load));
    summed(runtime, events, |event| Some(text(&event.expect("an event").data)))
}

pub(crate) fn eventsource_stream_decoded(runtime: &Runtime, load: &Load) -> Sum {
    let events = eventsource_stream::EventStream::new(pieces(load));
    summed(runtime, events, |event| Some(json(&event.expect("an event").data)))
}

fn of_sse_core(
    event: Result<sse_core::SseEvent, impl std::fmt::Debug>,
    read: fn(&str) -> usize,
) -> Option<usize> {
    match event.expect("an event") {
        sse_core::SseEvent::Message(message) => Some(read(&message.data)),
        sse_core::SseEvent::Retry(_) => None,
    }
}

pub(crate) fn sse_core(runtime: &Runtime, load: &Load) -> Sum {
    summed(runtime, sse_core::SseStream::new(pieces(load)), |event| of_sse_core(event, text))
}

pub(crate) fn sse_core_decoded(runtime: &Runtime, load: &Load) -> Sum {
    summed(runtime, sse_core::SseStream::new(pieces(load)), |event| of_sse_core(event, json))
}

pub(crate) fn sse_stream(runtime: &Runtime, load: &Load) -> Sum {
    let events = sse_stream::SseStream::from_bytes_stream(pieces(load));
    // It hands out blocks of comments too.
    summed(runtime, events, |event| event.expect("an event").data.map(|data| text(&data)))
}

pub(crate) fn sse_stream_decoded(runtime: &Runtime, load: &Load) -> Sum {
    let events = sse_stream::SseStream::from_bytes_stream(pieces(load));
    summed(runtime, events, |event| event.expect("an event").data.map(|data| json(&data)))
}

pub(crate) fn sseer(runtime: &Runtime, load: &Load) -> Sum {
    summed(runtime, sseer::event_stream::EventStream::new(pieces(load)), |event| {
        Some(text(&event.expect("an event").data))
    })
}

pub(crate) fn sseer_decoded(runtime: &Runtime, load: &Load) -> Sum {
    summed(runtime, sseer::event_stream::EventStream::new(pieces(load)), |event| {
        Some(json(&event.expect("an event").data))
    })
}
