//! A call that ended well, before its body becomes a value.

use crate::course::Course;
use crate::response::ResponseHead;
use crate::response::body::Arrived;

/// A response that is a success; its circuit waits to hear whether it decodes.
pub(crate) struct Answer {
    pub(crate) head: Box<ResponseHead>,
    pub(crate) body: Arrived,
    /// Its status says that there is no value.
    pub(crate) absent: bool,
    /// The call, which has the pass of its last attempt.
    pub(crate) call: Box<Course>,
}
