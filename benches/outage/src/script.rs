//! What happens to the server, to all contestants alike.

use std::time::Duration;

use crate::world::Script;

/// The server is gone from here ..
pub(crate) const FROM: Duration = Duration::from_secs(30);
/// .. to here.
pub(crate) const UNTIL: Duration = Duration::from_secs(90);
/// The load ends.
pub(crate) const END: Duration = Duration::from_secs(150);
/// The other script: two seconds without the server.
pub(crate) const BLIP: Duration = Duration::from_secs(2);

pub(crate) fn outage() -> Script {
    Script::outage(FROM, UNTIL)
}

pub(crate) fn blip() -> Script {
    Script::outage(FROM, FROM + BLIP)
}
