//! What each target does with the bytes of one file; it panics where a property does not hold.
//!
//! A target asserts more than that nothing panics: how a body is cut makes no difference, a naive twin of the parser says the
//! same, what was written is read back.

pub mod events;
pub mod lines;
pub mod link;
pub mod multipart;
pub mod retry_after;
pub mod template;

/// A target by its name, which is that of its folder in `corpus/`.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: [Target; 6] = [
    ("events", events::run),
    ("lines", lines::run),
    ("link", link::run),
    ("multipart", multipart::run),
    ("retry_after", retry_after::run),
    ("template", template::run),
];

/// The first two bytes as a size of pieces and a limit, and the rest as a body.
fn cut(data: &[u8]) -> Option<(usize, usize, &[u8])> {
    let [size, limit, body @ ..] = data else { return None };
    Some((usize::from(*size % 16) + 1, usize::from(*limit), body))
}
