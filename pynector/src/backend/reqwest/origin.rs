//! The URL that reqwest wants of a request, made from one that is parsed already.

use std::sync::{Arc, OnceLock};

use http::Uri;
use http::header::HeaderValue;
use http::uri::{Authority, Scheme};
use url::Url;

/// So many origins are remembered; requests to others have their URLs parsed whole.
const ORIGINS: usize = 8;

/// The first origins that requests went to, which are never forgotten: they are read without a lock.
#[derive(Clone, Debug)]
pub(super) struct Origins {
    first: Arc<[OnceLock<Origin>; ORIGINS]>,
    names_host: bool,
}

#[derive(Debug)]
struct Origin {
    scheme: Scheme,
    authority: Authority,
    /// The root, as the parser writes it.
    root: Url,
    /// What its header `host` says, where it is sure to have one.
    host: Option<HeaderValue>,
}

impl Origins {
    /// `names_host` says that plain text means HTTP/1.1, which alone has a header `host`; over TLS the server chooses.
    pub(super) fn new(names_host: bool) -> Self {
        Self { first: Arc::default(), names_host }
    }

    /// The URL of `uri` as the parser writes it, and the header `host` where that is known already.
    pub(super) fn url(&self, uri: &Uri) -> Result<(Url, Option<&HeaderValue>), url::ParseError> {
        if let Some(origin) = self.of(uri)
            && let Some(url) = origin.join(uri)
        {
            return Ok((url, origin.host.as_ref()));
        }
        Ok((Url::parse(&uri.to_string())?, None))
    }

    /// The origin of `uri`, remembered from now on where there is room.
    fn of(&self, uri: &Uri) -> Option<&Origin> {
        let (scheme, authority) = (uri.scheme()?, uri.authority()?);
        for slot in self.first.iter() {
            let origin = if let Some(origin) = slot.get() {
                origin
            } else {
                let origin = Origin::new(scheme, authority, self.names_host)?;
                // Another may have been faster, with another origin.
                slot.get_or_init(|| origin)
            };
            if origin.authority.as_str() == authority.as_str() && origin.scheme == *scheme {
                return Some(origin);
            }
        }
        None
    }
}

impl Origin {
    /// None where the parser writes the origin in another way, or where a user stands in it.
    fn new(scheme: &Scheme, authority: &Authority, names_host: bool) -> Option<Self> {
        let text = format!("{scheme}://{authority}/");
        let root =
            Url::parse(&text).ok().filter(|root| root.as_str() == text && root.username().is_empty())?;
        let host = if names_host && *scheme == Scheme::HTTP {
            Some(HeaderValue::from_str(authority.as_str()).ok()?)
        } else {
            None
        };
        Some(Self { scheme: scheme.clone(), authority: authority.clone(), root, host })
    }

    /// The URL of `uri` at this origin, unless the parser would write its path or query in another way.
    ///
    /// What the parser wrote it reads and writes alike (WHATWG URL §4.5), so a URL that reads like `uri` is the one that
    /// parsing all of `uri` gives.
    fn join(&self, uri: &Uri) -> Option<Url> {
        let target = uri.path_and_query()?.as_str();
        let url = self.root.join(target).ok()?;
        let root = self.root.as_str().strip_suffix('/')?;
        (url.as_str().strip_prefix(root) == Some(target)).then_some(url)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;
    use crate::backend::{AttemptInfo, Backend as _, ReqwestBackend};
    use crate::connection::ConnectionOptions;
    use crate::request::body::Body;

    const ROOTS: &[&str] = &[
        "http://example.com",
        "http://127.0.0.1:4000",
        "https://[2001:db8::1]:8443",
        "http://[::1]",
        "http://EXAMPLE.com",
        "http://example.com:80",
        "https://example.com:443",
        "https://example.com:80",
        "http://user:secret@example.com",
        "http://@example.com",
        "http://0x7f.1",
        "http://xn--bcher-kva.example",
        "http://h",
        "http://h:0",
        "ftp://example.com",
    ];

    const TARGETS: &[&str] = &[
        "/",
        "/repos/octocat/hello-world/issues?page=2&per_page=50",
        "/?",
        "/a?",
        "/a?b?c=/../d",
        "/a//b",
        "//",
        "//h/a",
        "//h//h/a",
        "///h",
        "/.",
        "/..",
        "/a/./b/../c",
        "/a/%2e/b",
        "/a/%2E%2e/b",
        "/a/.%2e",
        "/%2F%2f",
        "/a%5Cb",
        "/a|b^c'd~e!f$g&h(i)j*k+l,m;n=o:p@q",
        "/a?b|c^d'e`f{g}h%27",
        "/{a}[b]\"c\"",
        "/%zz%",
        "/c:/d",
        "/C|/d",
        "/caf%C3%A9?n=%F0%9F%A6%80",
    ];

    #[test]
    fn a_url_is_what_the_parser_makes_of_the_whole_text() {
        let long = format!("/{}?q={}", "a%20b/".repeat(2000), "x".repeat(9000));
        let mut quick = 0;
        for names_host in [true, false] {
            for root in ROOTS {
                let origins = Origins::new(names_host);
                for target in TARGETS.iter().copied().chain([long.as_str()]) {
                    let Ok(uri) = format!("{root}{target}").parse::<Uri>() else { continue };
                    let (url, host) = origins.url(&uri).unwrap();
                    assert_eq!(url, Url::parse(&uri.to_string()).unwrap(), "{uri}");
                    assert_eq!(url.host(), Url::parse(&uri.to_string()).unwrap().host(), "{uri}");
                    if let Some(host) = host {
                        assert_eq!(host, root.strip_prefix("http://").unwrap(), "{uri}");
                        quick += 1;
                    }
                }
            }
        }
        assert!(quick > 50, "hardly any URL went the short way: {quick}");
    }

    #[test]
    fn hosts_beyond_the_remembered_ones_are_parsed_each_time() {
        let origins = Origins::new(true);
        let asked = |nth: usize| {
            let uri: Uri = format!("http://h{nth}.example/a?b").parse().unwrap();
            let (url, host) = origins.url(&uri).unwrap();
            assert_eq!(url.as_str(), uri.to_string());
            host.is_some()
        };
        let known = (0..2 * ORIGINS).map(asked).filter(|known| *known).count();
        assert_eq!(known, ORIGINS);
        assert!(asked(0), "the first are not forgotten");
    }

    #[test]
    fn a_host_stands_in_no_header_where_http_2_may_be_spoken() {
        let uri: Uri = "https://example.com/".parse().unwrap();
        assert!(Origins::new(true).url(&uri).unwrap().1.is_none(), "the server chooses");
        let uri: Uri = "http://example.com/".parse().unwrap();
        assert!(Origins::new(false).url(&uri).unwrap().1.is_none());
    }

    /// The heads of requests for all targets, as a server reads them.
    async fn heads(backend: ReqwestBackend, listener: &TcpListener) -> Vec<String> {
        let authority = listener.local_addr().unwrap();
        let serve = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            let (mut heads, mut piece) = (Vec::new(), [0; 1 << 12]);
            for _ in TARGETS {
                let read = stream.read(&mut piece).await.unwrap();
                heads.push(String::from_utf8_lossy(&piece[..read]).into_owned());
                stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.unwrap();
            }
            heads
        };
        let ask = async {
            for target in TARGETS {
                let uri: Uri = format!("http://{authority}{target}").parse().unwrap();
                let request = http::Request::get(uri).header("x-first", "1").header("accept", "text/plain");
                backend.send(request.body(Body::empty()).unwrap(), AttemptInfo::new()).await.unwrap();
            }
        };
        tokio::join!(serve, ask).0
    }

    #[tokio::test]
    async fn both_ways_write_the_same_bytes() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let options = ConnectionOptions::new();
        let short = heads(ReqwestBackend::with_options(&options).unwrap(), &listener).await;
        let mut whole = ReqwestBackend::with_options(&options).unwrap();
        whole.origins = Origins::new(false);
        for (nth, slot) in whole.origins.first.iter().enumerate() {
            // Full of others, so that each URL is parsed whole.
            let other = Authority::try_from(format!("h{nth}")).unwrap();
            slot.set(Origin::new(&Scheme::HTTP, &other, false).unwrap()).unwrap();
        }
        assert_eq!(short, heads(whole, &listener).await);
        let target = "GET /a?b?c=/../d HTTP/1.1\r\nx-first: 1\r\naccept: text/plain\r\nhost: 127.0.0.1:";
        assert!(short.iter().any(|head| head.starts_with(target)), "{short:?}");
    }
}
