//! The attributes beside a verb: each is the constant that it stands for, in the client, its twins and an endpoint.

use futures_util::TryStreamExt as _;
use pynector::testing::{MockTransport, Reply};
use pynector::{
    Endpoint, ErrorKind, EventRules, Events, JsonLines, LineRules, Operation, Pages, Paginate, Response,
    Result,
};

#[pynector::api(dyn, blocking, mock = always, retry = off)]
pub(crate) trait Feed {
    #[get("/links")]
    #[paginate(link)]
    async fn links(&self) -> Result<Pages<u64>>;

    #[get("/urls")]
    #[paginate(next_url = "meta.next", items = "rows")]
    async fn urls(&self) -> Result<Pages<u64>>;

    #[get("/items")]
    #[paginate(cursor = "last" -> "after", items = "data", more = "more")]
    async fn items(&self, #[query] after: Option<&str>, #[query] limit: u8) -> Result<Pages<u64>>;

    #[post("/pages")]
    #[paginate(page = "p", first = 0)]
    async fn pages(&self, #[query("p")] first: Option<u8>, #[json] filter: &str) -> Result<Pages<u64>>;

    #[get("/offsets")]
    #[paginate(offset = "skip", items = "rows?")]
    async fn offsets(&self) -> Result<Pages<u64>>;

    #[post("/chat")]
    #[events(until = "[DONE]")]
    async fn chat(&self, #[json] message: &str) -> Result<Response<Events<String>>>;

    #[get("/news")]
    #[events(reconnect, heartbeat = "10s")]
    async fn news(&self) -> Result<Events<String>>;

    #[get("/log")]
    #[lines(skip_bad, max_line = "16B")]
    async fn log(&self) -> Result<JsonLines<u64>>;

    /// A helper over one of them.
    async fn all(&self) -> Result<Vec<u64>> {
        self.links().await?.items().try_collect().await
    }
}

#[derive(Endpoint)]
#[get("/items", response = Pages<u64>)]
#[paginate(cursor = "last" -> "after", items = "data")]
struct Items<'a> {
    #[query]
    after: Option<&'a str>,
}

#[derive(Endpoint)]
#[get("/news", response = Response<Events<String>>)]
#[events(until = "end")]
struct News;

#[derive(Endpoint)]
#[get("/log", response = JsonLines<u64>)]
#[lines(skip_bad)]
struct Log;

fn json(body: &str) -> Reply {
    Reply::status(200).header("content-type", "application/json").body(body.to_owned())
}

fn events(body: &str) -> Reply {
    Reply::status(200).header("content-type", "text/event-stream").body(body.to_owned())
}

/// The queries that were asked with.
fn asked(mock: &MockTransport) -> Vec<String> {
    mock.requests().iter().map(|request| request.uri.query().unwrap_or_default().to_owned()).collect()
}

async fn walked(pages: Result<Pages<u64>>) -> Result<Vec<u64>> {
    pages?.items().try_collect().await
}

#[test]
fn an_operation_says_what_was_declared() {
    let said = |name: &str| {
        let is_it = |operation: &&Operation| operation.name() == format!("Feed::{name}");
        FeedClient::OPERATIONS.iter().find(is_it).unwrap().settings()
    };
    let cursor = Paginate::cursor("last", "after").items("data").more("more");
    assert_eq!(said("items").paginate(), Some(cursor));
    assert_eq!(said("pages").paginate(), Some(Paginate::page("p").first(0)));
    assert_eq!(said("chat").events(), Some(EventRules::new().until("[DONE]")));
    assert_eq!(said("log").lines(), Some(LineRules::new().skip_bad().max_line(16)));
    let nothing = (said("links").events(), said("links").lines(), said("log").paginate());
    assert_eq!(nothing, (None, None, None));
}

#[tokio::test(start_paused = true)]
async fn every_way_to_the_next_page() {
    let mock = MockTransport::new();
    mock.on("GET", "/links").reply(json("[1]").header("link", "</links?x=2>; rel=next")).reply(json("[2]"));
    mock.on("GET", "/urls")
        .reply(json(r#"{"rows":[1],"meta":{"next":"/urls?x=2"}}"#))
        .reply(json(r#"{"rows":[2],"meta":{"next":null}}"#));
    let feed: FeedClient = mock.client().unwrap();
    assert_eq!(walked(feed.links().await).await.unwrap(), [1, 2]);
    assert_eq!(walked(feed.urls().await).await.unwrap(), [1, 2]);
    assert_eq!(asked(&mock), ["", "x=2", "", "x=2"]);

    let mock = MockTransport::new();
    mock.on("GET", "/items")
        .reply(json(r#"{"data":[1],"last":"b","more":true}"#))
        .reply(json(r#"{"data":[2],"last":"c","more":false}"#));
    mock.on("POST", "/pages").reply(json("[1]")).reply(json("[2]")).reply(json("[]"));
    mock.on("GET", "/offsets").reply(json(r#"{"rows":[1,2]}"#)).reply(json("{}"));
    let feed: FeedClient = mock.client().unwrap();
    // A parameter of the name is where the walk starts.
    assert_eq!(walked(feed.items(Some("a"), 9).await).await.unwrap(), [1, 2]);
    assert_eq!(walked(feed.pages(None, "new").await).await.unwrap(), [1, 2]);
    assert_eq!(walked(feed.offsets().await).await.unwrap(), [1, 2]);
    assert_eq!(asked(&mock), ["after=a&limit=9", "after=b&limit=9", "", "p=1", "p=2", "", "skip=2"]);
}

#[tokio::test(start_paused = true)]
async fn a_page_number_may_be_given() {
    let mock = MockTransport::new();
    mock.on("POST", "/pages").reply(json("[1]")).reply(json("[]"));
    let feed: FeedClient = mock.client().unwrap();
    assert_eq!(walked(feed.pages(Some(7), "new").await).await.unwrap(), [1]);
    assert_eq!(asked(&mock), ["p=7", "p=8"]);
}

#[tokio::test(start_paused = true)]
async fn events_end_and_go_on_as_declared() {
    let mock = MockTransport::new();
    mock.on("POST", "/chat").reply(events("data: a\n\ndata: [DONE]\n\ndata: b\n\n"));
    mock.on("GET", "/news").reply(events("id: 1\ndata: a\n\n")).reply(events("data: b\n\n"));
    mock.on("GET", "/news").reply(Reply::status(204));
    let feed: FeedClient = mock.client().unwrap();
    let chat = feed.chat("hello").await.unwrap();
    assert_eq!(chat.status(), 200);
    let chat: Vec<_> = chat.into_inner().map_ok(|event| event.data).try_collect().await.unwrap();
    assert_eq!(chat, ["a"]);
    let news: Vec<_> = feed.news().await.unwrap().map_ok(|event| event.data).try_collect().await.unwrap();
    assert_eq!(news, ["a", "b"]);
    assert_eq!(mock.requests()[2].header("last-event-id"), Some("1"));
}

#[tokio::test(start_paused = true)]
async fn lines_are_skipped_and_bounded_as_declared() {
    let mock = MockTransport::new();
    let reply =
        |body: &str| Reply::status(200).header("content-type", "application/jsonl").body(body.to_owned());
    mock.on("GET", "/log").reply(reply("1\n{\n2\n")).reply(reply("1\n12345678901234567\n"));
    let feed: FeedClient = mock.client().unwrap();
    let lines: Vec<u64> = feed.log().await.unwrap().try_collect().await.unwrap();
    assert_eq!(lines, [1, 2]);
    let mut lines = feed.log().await.unwrap();
    assert_eq!(lines.next().await.unwrap().unwrap(), 1);
    assert_eq!(lines.next().await.unwrap().unwrap_err().kind(), ErrorKind::BodyTooLarge);
}

#[tokio::test(start_paused = true)]
async fn a_struct_declares_the_same() {
    let mock = MockTransport::new();
    mock.on("GET", "/items").reply(json(r#"{"data":[1],"last":"b"}"#)).reply(json(r#"{"data":[2]}"#));
    mock.on("GET", "/news").reply(events("data: a\n\ndata: end\n\ndata: b\n\n"));
    mock.on("GET", "/log")
        .reply(Reply::status(200).header("content-type", "application/jsonl").body("x\n3\n"));
    let transport = mock.transport().unwrap();
    let pages = transport.request(&Items { after: Some("a") }).await;
    assert_eq!(walked(pages).await.unwrap(), [1, 2]);
    assert_eq!(asked(&mock), ["after=a", "after=b"]);
    let news = transport.request(&News).await.unwrap().into_inner();
    assert_eq!(news.map_ok(|event| event.data).try_collect::<Vec<_>>().await.unwrap(), ["a"]);
    assert_eq!(transport.request(&Log).await.unwrap().try_collect::<Vec<_>>().await.unwrap(), [3]);
}

/// The twins have the constants of the client, or hand out what they were told to.
#[tokio::test(start_paused = true)]
async fn dyn_and_mock_pass_them_on() {
    let mock = MockTransport::new();
    mock.on("GET", "/links").reply(json("[1]").header("link", "</links?x=2>; rel=next")).reply(json("[2]"));
    mock.on("GET", "/links").reply(json("[3]"));
    let client: FeedClient = mock.client().unwrap();
    let any = DynFeed::new(client.clone());
    assert_eq!(any.all().await.unwrap(), [1, 2]);

    let given = std::sync::Mutex::new(Some(client.links().await));
    let told = FeedMock::new().expect_links(move || given.lock().unwrap().take().unwrap());
    assert_eq!(DynFeed::new(told.clone()).all().await.unwrap(), [3]);
    assert_eq!(told.links_calls(), 1);
}

#[test]
fn blocking_clients_iterate_over_them() {
    let mock = MockTransport::new();
    mock.on("GET", "/links").reply(json("[1]").header("link", "</links?x=2>; rel=next")).reply(json("[2]"));
    mock.on("POST", "/chat").reply(events("data: a\n\ndata: [DONE]\n\n"));
    mock.on("GET", "/log")
        .reply(Reply::status(200).header("content-type", "application/jsonl").body("1\n{\n2\n"));
    let feed = FeedBlocking::from_client(mock.client().unwrap()).unwrap();
    let items: Result<Vec<u64>> = feed.runtime().iter(feed.links().unwrap().items()).collect();
    assert_eq!(items.unwrap(), [1, 2]);
    let chat = feed.chat("hello").unwrap().into_inner();
    let chat: Vec<String> = feed.runtime().iter(chat).map(|event| event.unwrap().data).collect();
    assert_eq!(chat, ["a"]);
    let lines: Result<Vec<u64>> = feed.runtime().iter(feed.log().unwrap()).collect();
    assert_eq!(lines.unwrap(), [1, 2]);
}
