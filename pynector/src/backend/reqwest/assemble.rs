//! The URL that reqwest wants of a request: put together from the parts of its URI where the parser would change none of them.

use std::net::Ipv4Addr;

use http::Uri;
use http::uri::Scheme;
use serde::de::value::SeqAccessDeserializer;
use url::Url;

use super::fields::Fields;

/// So long is a label of a name at most (RFC 1035 §2.3.4).
const LABEL: usize = 63;

/// Makes URLs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Urls {
    /// Whether `url` has the fields that are known here.
    known: bool,
}

impl Urls {
    /// Holds some URLs of each kind against the parser: the same text has the same fields.
    pub(super) fn new() -> Self {
        let kinds =
            ["http://a.example/", "https://a.example:1/b?c", "http://127.0.0.1:1/b", "https://127.0.0.1/?"];
        let known = kinds.iter().all(|text| {
            let made = text.parse().ok().and_then(|uri| Parts::of(&uri)?.assemble());
            fields(made.as_ref()).is_some_and(|made| Some(made) == fields(Url::parse(text).ok().as_ref()))
        });
        Self { known }
    }

    /// The URL of `uri` as the parser writes it.
    pub(super) fn url(self, uri: &Uri) -> Result<Url, url::ParseError> {
        match Parts::of(uri).filter(|_| self.known).and_then(Parts::assemble) {
            Some(url) => Ok(url),
            None => Url::parse(&uri.to_string()),
        }
    }
}

/// All that is in a URL.
fn fields(url: Option<&Url>) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    url?.serialize_internal(&mut serde_json::Serializer::new(&mut text)).ok()?;
    Some(text)
}

/// The parts of a URI that is written as the parser of URLs writes it (WHATWG URL §4.5).
struct Parts<'a> {
    scheme: &'a str,
    authority: &'a str,
    host: Host<'a>,
    port: Option<u16>,
    target: &'a str,
    /// How much of that is the path, where there is a query.
    path: Option<usize>,
}

#[derive(Clone, Copy)]
pub(super) enum Host<'a> {
    Name(&'a str),
    Address(&'a str),
}

impl<'a> Parts<'a> {
    /// None where the parser might write it in another way, or where there is more to it: a user, an address of IPv6.
    fn of(uri: &'a Uri) -> Option<Self> {
        let scheme = uri.scheme()?;
        let default = match scheme {
            scheme if *scheme == Scheme::HTTP => 80,
            scheme if *scheme == Scheme::HTTPS => 443,
            _ => return None,
        };
        let authority = uri.authority()?.as_str();
        let (host, port) = match authority.bytes().position(|byte| byte == b':') {
            Some(at) => (authority.get(..at)?, Some(port(authority.get(at + 1..)?, default)?)),
            None => (authority, None),
        };
        let host = Host::of(host)?;
        let (target, query) = (uri.path_and_query()?.as_str(), uri.query());
        let path = query.and_then(|query| target.len().checked_sub(query.len() + 1));
        let plain = is_plain_path(target.get(..path.unwrap_or(target.len()))?)
            && query.is_none_or(|query| query.bytes().all(|byte| is_kept(byte) || byte == b'?'));
        plain.then_some(Self { scheme: scheme.as_str(), authority, host, port, target, path })
    }

    fn assemble(self) -> Option<Url> {
        let host_start = self.scheme.len() + "://".len();
        let path_start = host_start + self.authority.len();
        let (Host::Name(host) | Host::Address(host)) = self.host;
        let fields = Fields {
            text: [self.scheme, "://", self.authority, self.target].concat(),
            scheme_end: u32::try_from(self.scheme.len()).ok()?,
            host_start: u32::try_from(host_start).ok()?,
            host_end: u32::try_from(host_start + host.len()).ok()?,
            host: self.host,
            port: self.port,
            path_start: u32::try_from(path_start).ok()?,
            query_start: self.path.map(|path| u32::try_from(path_start + path)).transpose().ok()?,
            next: 0,
        };
        Url::deserialize_internal(SeqAccessDeserializer::new(fields)).ok()
    }
}

impl<'a> Host<'a> {
    fn of(host: &'a str) -> Option<Self> {
        let bytes = host.as_bytes();
        if bytes.first()?.is_ascii_digit() && host.parse::<Ipv4Addr>().is_ok() {
            return Some(Self::Address(host));
        }
        let labels = || bytes.split(|byte| *byte == b'.');
        // What ends in a number is read as an address, in whatever way that is written.
        let ends_in_letters = labels().next_back()?.first()?.is_ascii_lowercase();
        (ends_in_letters && labels().all(is_label)).then_some(Self::Name(host))
    }
}

/// Whether it is a label that IDNA has nothing to say of.
fn is_label(label: &[u8]) -> bool {
    let plain = |byte: &u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
    let edge = |byte: Option<&u8>| byte.is_some_and(|byte| *byte != b'-');
    let inside = edge(label.first()) && edge(label.last());
    inside && label.len() <= LABEL && label.get(2..4) != Some(b"--") && label.iter().all(plain)
}

/// The number of a port that is not the default of its scheme and has no zeros before it.
fn port(digits: &str, default: u16) -> Option<u16> {
    let canonical = digits == "0" || matches!(digits.as_bytes().first(), Some(b'1'..=b'9'));
    digits.parse().ok().filter(|port| canonical && *port != default)
}

/// Whether the parser leaves a path as it is.
fn is_plain_path(path: &str) -> bool {
    let (mut kept, mut dots, mut before) = (path.starts_with('/'), false, 0);
    for byte in path.bytes() {
        kept &= is_kept(byte);
        dots |= before == b'/' && (byte == b'.' || byte == b'%');
        before = byte;
    }
    kept && !(dots && path.split('/').any(is_dots))
}

/// Whether a segment is one of those that the parser resolves.
fn is_dots(segment: &str) -> bool {
    matches!(&*segment.to_ascii_lowercase().replace("%2e", "."), "." | "..")
}

/// A bit for each character that the parser writes as it is, in paths and in queries.
const KEPT: u128 = {
    let (mut kept, mut byte) = (0, 0_u8);
    while byte < 128 {
        let mark =
            matches!(byte, b'-' | b'.' | b'_' | b'~' | b'%' | b'/' | b'!' | b'$' | b'&' | b'(' | b')' | b'*')
                || matches!(byte, b'+' | b',' | b';' | b':' | b'=' | b'@');
        if mark || byte.is_ascii_alphanumeric() {
            kept |= 1 << byte;
        }
        byte += 1;
    }
    kept
};

fn is_kept(byte: u8) -> bool {
    byte.is_ascii() && (KEPT >> byte) & 1 == 1
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
        "http://h:00080",
        "http://h:",
        "http://h:99999",
        "http://a.b-c.example-1:8080",
        "http://a..b",
        "http://a.b.",
        "http://-a.b",
        "http://a-.b",
        "http://a_b.c",
        "http://a!b.c",
        "http://a--b.example",
        "http://ab--c.example",
        "http://1.2.3",
        "http://1.2.3.04",
        "http://1.2.3.256",
        "http://example.0x7",
        "http://example.1",
        "http://xn--a",
        "https://10.0.0.255:443",
        "https://10.0.0.255:8443",
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

    /// Whether it was put together; it has what the parser gives it, in every field.
    fn is_short(text: &str) -> Option<bool> {
        let uri: Uri = text.parse().ok()?;
        let (made, parsed) = (Urls::new().url(&uri), Url::parse(&uri.to_string()));
        assert_eq!(fields(made.as_ref().ok()), fields(parsed.as_ref().ok()), "{uri}");
        assert_eq!(made, parsed, "{uri}");
        Some(Parts::of(&uri).is_some())
    }

    #[test]
    fn a_url_is_what_the_parser_makes_of_the_whole_text() {
        assert!(Urls::new().known, "`url` has other fields than it had");
        let long = format!("/{}?q={}", "a%20b/".repeat(2000), "x".repeat(9000));
        for root in ROOTS {
            for target in TARGETS.iter().copied().chain([long.as_str(), ""]) {
                is_short(&format!("{root}{target}"));
            }
        }
        for byte in (1..128_u8).map(char::from) {
            for (before, after) in [
                ("h", "/"),
                ("h", "h/"),
                ("h.", "/"),
                ("h/", ""),
                ("h/a", "b?c"),
                ("h/?", ""),
                ("h/?a", "b"),
                ("1.2.3.4", ":80/"),
            ] {
                is_short(&format!("http://{before}{byte}{after}"));
                is_short(&format!("https://{before}{byte}{byte}{after}"));
            }
        }
    }

    #[test]
    fn what_calls_send_is_not_parsed() {
        for text in [
            "http://127.0.0.1:4000/repos/octocat/hello-world/issues?page=2&per_page=50",
            "https://api-2.example.com/v1/users/caf%C3%A9/.well-known/a.b?q=a%20b&at=2026-01-01T00:00:00Z",
            "http://localhost/",
            "https://h:80/%20x",
        ] {
            assert_eq!(is_short(text), Some(true), "{text}");
        }
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

    /// reqwest is given a URL, and a request that came with its host has it on the wire where it had it.
    #[tokio::test]
    async fn a_target_is_on_the_wire_as_it_is() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let heads = heads(ReqwestBackend::with_options(&ConnectionOptions::new()).unwrap(), &listener).await;
        let target = "GET /a?b?c=/../d HTTP/1.1\r\nx-first: 1\r\naccept: text/plain\r\nhost: 127.0.0.1:";
        assert!(heads.iter().any(|head| head.starts_with(target)), "{heads:?}");
    }

    #[tokio::test]
    async fn a_host_is_on_the_wire_as_the_parser_writes_it() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let authority = listener.local_addr().unwrap();
        let port = authority.port();
        let users = [format!("user:secret@{authority}"), format!(":secret@{authority}")];
        for written in users.into_iter().chain([format!("0x7f.1:{port}"), authority.to_string()]) {
            let backend = ReqwestBackend::with_options(&ConnectionOptions::new()).unwrap();
            let request = http::Request::get(format!("http://{written}/")).header("host", &written);
            let serve = async {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut piece = [0; 1 << 12];
                let read = stream.read(&mut piece).await.unwrap();
                stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.unwrap();
                String::from_utf8_lossy(&piece[..read]).into_owned()
            };
            let sent = backend.send(request.body(Body::empty()).unwrap(), AttemptInfo::new());
            let (head, answer) = tokio::join!(serve, sent);
            assert!(answer.is_ok() && head.contains(&format!("\r\nhost: {authority}\r\n")), "{head}");
        }
    }
}
