//! What stands on the wire, byte for byte.

use std::collections::BTreeMap;

use pynector::{Basic, HttpTransport, Result};
use pynector_tests::raw::{RawServer, Reply};
use serde::Serialize;

#[derive(Serialize)]
pub(crate) struct Filter {
    state: &'static str,
    labels: Vec<&'static str>,
    page: u8,
}

#[pynector::api(headers("x-fixed" = "1"))]
pub(crate) trait Wire {
    #[get("/a/{one}/b-{two}.json")]
    async fn path(&self, one: &str, two: &str) -> Result<()>;

    #[get("/literal/caf\u{e9}/a:b@c;d,e/%2F?static=1&x=a/b")]
    async fn literal(&self, #[query] page: Option<u8>) -> Result<()>;

    #[get("/q")]
    async fn query(
        &self,
        #[query] text: &str,
        #[query("n[]")] numbers: &[u8],
        #[query] absent: Option<u8>,
        #[query] filter: &Filter,
        #[query] page: u8,
        #[query] flag: (),
        #[query] pairs: &[(&str, &str)],
    ) -> Result<()>;

    #[get("/h")]
    async fn headers(&self, #[header("X-One")] one: &str, #[header("x-many")] many: &[u8]) -> Result<()>;

    #[post("/j")]
    async fn json(&self, #[bearer] token: &str, #[json] body: &BTreeMap<&str, Option<u8>>) -> Result<()>;

    #[put("/j")]
    async fn maybe(&self, #[basic] credentials: Basic, #[json] body: Option<u8>) -> Result<()>;

    #[http("REPORT", "/r/{id}")]
    async fn report(&self, #[path_param("id")] number: u64) -> Result<()>;
}

async fn served() -> (WireClient, RawServer) {
    let server = RawServer::start([Reply::ok("204 No Content", "", "")]).await;
    (WireClient::at(server.url()).unwrap(), server)
}

fn target(server: &RawServer) -> String {
    let request = server.requests().pop().unwrap();
    request.lines().next().unwrap().strip_suffix(" HTTP/1.1").unwrap().to_owned()
}

#[tokio::test]
async fn hostile_path_values_stay_in_their_segment() {
    let (wire, server) = served().await;
    for (value, encoded) in [
        ("plain-._~", "plain-._~"),
        ("a/b\\c", "a%2Fb%5Cc"),
        ("?x=1#frag", "%3Fx%3D1%23frag"),
        ("%2e%2e%2f", "%252e%252e%252f"),
        ("..%2f", "..%252f"),
        ("\r\nx: y", "%0D%0Ax%3A%20y"),
        ("\0\u{7f}", "%00%7F"),
        ("\u{e9}\u{1f600}", "%C3%A9%F0%9F%98%80"),
        ("a b+c", "a%20b%2Bc"),
        ("!$&'()*,;=:@[]{}|^`\"<>", "%21%24%26%27%28%29%2A%2C%3B%3D%3A%40%5B%5D%7B%7D%7C%5E%60%22%3C%3E"),
        ("...", "..."),
    ] {
        wire.path(value, value).await.unwrap();
        assert_eq!(target(&server), format!("GET /a/{encoded}/b-{encoded}.json"));
    }
    let before = server.requests().len();
    for escape in [".", "..", ""] {
        assert!(wire.path(escape, "x").await.is_err(), "{escape:?}");
    }
    assert_eq!(server.requests().len(), before, "nothing was sent");
}

#[tokio::test]
async fn literal_text_keeps_what_a_path_may_hold() {
    let (wire, server) = served().await;
    wire.literal(Some(2)).await.unwrap();
    assert_eq!(target(&server), "GET /literal/caf%C3%A9/a:b@c;d,e/%2F?static=1&x=a/b&page=2");
    wire.literal(None).await.unwrap();
    assert_eq!(target(&server), "GET /literal/caf%C3%A9/a:b@c;d,e/%2F?static=1&x=a/b");
}

#[tokio::test]
async fn a_query_is_written_in_order_and_a_name_wins_over_a_key() {
    let (wire, server) = served().await;
    let filter = Filter { state: "open&closed", labels: vec!["a", "b c"], page: 9 };
    wire.query("a=b&c #\u{e9}", &[1, 2], None, &filter, 3, (), &[("z", "1"), ("y", "2/3")]).await.unwrap();
    let expected = "GET /q?text=a%3Db%26c%20%23%C3%A9&n%5B%5D=1&n%5B%5D=2\
                    &state=open%26closed&labels=a&labels=b%20c&page=3&flag&z=1&y=2%2F3";
    assert_eq!(target(&server), expected);
}

#[tokio::test]
async fn headers_are_sent_as_they_are_or_not_at_all() {
    let (wire, server) = served().await;
    wire.headers("a, b; \"c\"\t\\", &[1, 2]).await.unwrap();
    let request = server.requests().pop().unwrap();
    for line in
        ["x-one: a, b; \"c\"\t\\\r\n", "x-many: 1\r\nx-many: 2\r\n", "x-fixed: 1\r\n", "accept: */*\r\n"]
    {
        assert!(request.contains(line), "{line:?} in {request}");
    }
    for bad in ["a\r\nx-evil: 1", "a\nb", "\0", "\u{e9}"] {
        assert!(wire.headers(bad, &[]).await.is_err(), "{bad:?}");
    }
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_whole_post_is_these_bytes() {
    let (wire, server) = served().await;
    wire.json("tok", &BTreeMap::from([("a\"\n", Some(1)), ("b", None)])).await.unwrap();
    let host = server.url().replace("http://", "");
    let expected = format!(
        "POST /j HTTP/1.1\r\nhost: {host}\r\nx-fixed: 1\r\naccept: */*\r\nuser-agent: pynector/{}\r\n\
         accept-encoding: zstd, br, gzip, deflate\r\ncontent-type: application/json\r\n\
         authorization: Bearer tok\r\ncontent-length: 20\r\n\r\n{{\"a\\\"\\n\":1,\"b\":null}}",
        env!("CARGO_PKG_VERSION")
    );
    assert_eq!(server.requests(), [expected]);
}

#[tokio::test]
async fn an_absent_body_is_no_body() {
    let (wire, server) = served().await;
    wire.maybe(Basic::new("user", "pa:ss"), None).await.unwrap();
    wire.maybe(Basic::user("key"), Some(7)).await.unwrap();
    let requests = server.requests();
    assert!(requests[0].contains("authorization: Basic dXNlcjpwYTpzcw==\r\n"), "{}", requests[0]);
    assert!(requests[0].contains("content-length: 0\r\n") && !requests[0].contains("content-type"));
    assert!(requests[1].contains("content-type: application/json\r\n") && requests[1].ends_with("\r\n\r\n7"));
}

#[tokio::test]
async fn other_methods_and_base_paths() {
    let (_, server) = served().await;
    for base in ["/v2", "/v2/", "/a/b/"] {
        let wire = WireClient::at(format!("{}{base}", server.url())).unwrap();
        wire.report(u64::MAX).await.unwrap();
        let expected = format!("REPORT {}/r/{}", base.trim_end_matches('/'), u64::MAX);
        assert_eq!(target(&server), expected);
    }
}

#[tokio::test]
async fn a_connection_is_used_again_also_after_an_error() {
    let replies = [
        Reply::ok("200 OK", "", "x"),
        Reply::ok("503 Service Unavailable", "retry-after: 0\r\n", "y".repeat(10_000)),
        Reply::ok("404 Not Found", "", "gone"),
        Reply::ok("302 Found", "location: /x\r\n", "moved"),
        Reply::ok("200 OK", "", "x"),
    ];
    let server = RawServer::start(replies).await;
    let wire = WireClient::from_transport(HttpTransport::builder(server.url()).build().unwrap()).unwrap();
    wire.path("a", "b").await.unwrap();
    assert!(wire.path("a", "b").await.unwrap_err().is_not_found());
    wire.path("a", "b").await.unwrap();
    assert_eq!((server.requests().len(), server.connections()), (5, 1));
}
