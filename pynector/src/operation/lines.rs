//! What an operation says of its lines, as a constant.

/// What becomes of the lines of [`JsonLines`](crate::JsonLines) that are not as they should be, as a constant of
/// [`OperationRules::lines`](crate::OperationRules::lines).
///
/// ```
/// use pynector::{LineRules, Operation, OperationRules};
///
/// const LOGS: Operation = Operation::get("Logs::logs", "/logs")
///     .rules(&OperationRules::new().lines(LineRules::new().skip_bad().max_line(64 << 10)));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineRules {
    pub(crate) skip_bad: bool,
    pub(crate) max_line: Option<u64>,
}

impl LineRules {
    /// A line that does not decode is an error, and `max_body` bounds each.
    pub const fn new() -> Self {
        Self { skip_bad: false, max_line: None }
    }

    /// Leaves out lines that do not decode: see [`JsonLines::skip_bad`](crate::JsonLines::skip_bad).
    pub const fn skip_bad(mut self) -> Self {
        self.skip_bad = true;
        self
    }

    /// The most bytes of a line: see [`JsonLines::max_line`](crate::JsonLines::max_line).
    pub const fn max_line(mut self, bytes: u64) -> Self {
        self.max_line = Some(bytes);
        self
    }
}
