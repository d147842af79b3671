//! Readers and files as the pieces of a body.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use futures_util::Stream;
use tokio::fs::File;
use tokio::io::{AsyncRead, ReadBuf};

use super::Body;

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

/// An open file, with its length where it has one.
pub(super) fn open_file(file: File) -> Body {
    let (file, length) = match file.try_into_std() {
        Ok(mut file) => {
            let length = left_of(&mut file);
            (File::from_std(file), length)
        }
        // Somebody is reading it still, so nobody knows where it stands.
        Err(file) => (file, None),
    };
    let body = Body::reader(file);
    match length {
        Some(length) => body.length(length),
        None => body,
    }
}

/// How many bytes are left of a regular file; others, such as pipes and what `/proc` holds, say nothing of their length.
fn left_of(file: &mut std::fs::File) -> Option<u64> {
    let size = file.metadata().ok().filter(|known| known.is_file() && known.len() > 0)?.len();
    Some(size.saturating_sub(io::Seek::stream_position(file).ok()?))
}
