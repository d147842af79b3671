//! What the backends of this crate share: whom they trust, which proxy they pass, and what it means where they fail.

pub(super) mod causes;
pub(super) mod proxy;
#[cfg(feature = "rustls")]
pub(super) mod tls;

use std::time::Duration;

use http::header::HOST;
use http::{HeaderMap, Uri};

/// Many servers close idle connections after 60 s; letting go first avoids the race.
pub(super) const POOL_IDLE: Duration = Duration::from_secs(50);

/// After this silence TCP asks whether the other side is still there.
pub(super) const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// And gives the connection up after this many questions without an answer.
pub(super) const KEEP_ALIVE_RETRIES: u32 = 3;

/// So long may bytes be on their way unconfirmed, which keep-alive does not see. By itself TCP goes on for a quarter of an hour,
/// and each call over HTTP/2 meanwhile would be put onto the connection that is dead. It is what reqwest does.
#[cfg(all(feature = "hyper", any(target_os = "android", target_os = "fuchsia", target_os = "linux")))]
pub(super) const GIVE_UP: Duration = Duration::from_secs(30);

/// Takes out a `host` that says what the URL says, where HTTP/2 says that by `:authority` (RFC 9113 §8.3.1), or whoever sends it
/// knows best how.
pub(super) fn forget_host(headers: &mut HeaderMap, uri: &Uri) {
    let authority = uri.authority().map(|authority| authority.as_str().as_bytes());
    if headers.get(HOST).is_some_and(|host| Some(host.as_bytes()) == authority) {
        headers.remove(HOST);
    }
}
