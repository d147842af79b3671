//! Readers and files as the pieces of a body.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use futures_util::Stream;
use tokio::io::{AsyncRead, ReadBuf};

/// So much is asked for at once.
const CHUNK: usize = 32 << 10;

/// A reader as a stream of what each read gave.
pub(super) struct Chunks<R> {
    reader: Pin<Box<R>>,
    /// Room for the next reads, all of it written once.
    room: BytesMut,
}

impl<R> Chunks<R> {
    pub(super) fn of(reader: R) -> Self {
        Self { reader: Box::pin(reader), room: BytesMut::new() }
    }
}

impl<R: AsyncRead> Stream for Chunks<R> {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Self { reader, room } = &mut *self;
        // What a short read left over serves the next one, unless it is too little for a decent piece.
        if room.len() < CHUNK / 4 {
            *room = BytesMut::zeroed(CHUNK);
        }
        let mut buffer = ReadBuf::new(room);
        ready!(reader.as_mut().poll_read(cx, &mut buffer))?;
        let read = buffer.filled().len();
        Poll::Ready((read > 0).then(|| Ok(room.split_to(read).freeze())))
    }
}
