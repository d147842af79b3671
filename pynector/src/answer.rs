//! A call that ended well, before its body becomes a value.

use bytes::Bytes;

use crate::course::Course;
use crate::error::Result;
use crate::response::body::Arrived;
use crate::response::{ResponseHead, still_to_come};

/// A response that is a success; its circuit waits to hear whether it decodes.
pub(crate) struct Answer {
    head: Box<ResponseHead>,
    body: Arrived,
    absent: bool,
    /// The call, which has the pass of its last attempt.
    pub(crate) call: Box<Course>,
}

/// What a response brings, for whoever keeps it.
pub(crate) struct Parts {
    pub(crate) head: Box<ResponseHead>,
    pub(crate) body: Arrived,
    /// Its status says that there is no value.
    pub(crate) absent: bool,
    pub(crate) call: Box<Course>,
}

impl Answer {
    pub(crate) fn new(head: Box<ResponseHead>, body: Arrived, call: Box<Course>) -> Self {
        let absent = call.settings().none_on.contains(head.status.as_u16());
        Self { head, body, absent, call }
    }

    /// Its head as it came, for a look: what the call went through is not said in it yet, which most calls do not ask for.
    pub(crate) const fn head(&self) -> &ResponseHead {
        &self.head
    }

    /// The body that was read as a whole; `None` where the status says that there is no value.
    ///
    /// # Errors
    ///
    /// Of a body that is still to come.
    pub(crate) fn whole(&self) -> Result<Option<&Bytes>> {
        match &self.body {
            _ if self.absent => Ok(None),
            Arrived::Whole(bytes) => Ok(Some(bytes)),
            Arrived::Open(_) => Err(still_to_come()),
        }
    }

    /// All of it, with the URL that answered (what credentials have added to that is on the wire alone), after how many attempts
    /// and how long.
    pub(crate) fn into_parts(self) -> Parts {
        let Self { mut head, body, absent, call } = self;
        head.url = call.url().clone();
        (head.attempts, head.elapsed) = (call.attempts(), call.took());
        Parts { head, body, absent, call }
    }
}
