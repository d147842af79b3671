//! A call that ended well, before its body becomes a value.

use crate::attempt::Request;
use crate::gate::Pass;
use crate::report::Report;
use crate::response::ResponseHead;
use crate::response::body::Arrived;

/// A response that is a success; its circuit waits to hear whether it decodes.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) head: ResponseHead,
    pub(crate) body: Arrived,
    /// Its status says that there is no value.
    pub(crate) absent: bool,
    pub(crate) pass: Pass,
    pub(crate) report: Report,
    pub(crate) request: Request,
}
