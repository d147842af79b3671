/// Every attribute beside a verb.
#[pynector::api]
pub trait Streams {
    /// By the `Link` header.
    #[get("/links")]
    #[paginate(link)]
    async fn links(&self) -> Result<pynector::Pages<String>>;

    /// By a cursor, which a parameter may start with.
    #[get("/events", headers("x-a" = "b"))]
    #[paginate(cursor = "last_id" -> "after", items = "data", more = "has_more")]
    async fn cursors(&self, #[query] after: Option<&str>, #[query] limit: u8) -> Result<pynector::Pages<u64>>;

    /// By a URL in the body.
    #[paginate(next_url = "meta.next", items = "results?")]
    #[post("/search")]
    async fn urls(&self, #[json] query: &str) -> Result<pynector::Pages<u64>>;

    /// By number.
    #[get("/pages")]
    #[paginate(page = "p", first = 0)]
    async fn pages(&self) -> Result<pynector::Pages<u64>>;

    /// By offset.
    #[get("/offsets", max_body = "1MiB")]
    #[paginate(offset)]
    async fn offsets(&self) -> Result<pynector::Pages<u64>>;

    /// Events with rules.
    #[post("/chat")]
    #[events(until = "[DONE]", reconnect, heartbeat = "1m30s")]
    async fn chat(&self, #[json] message: &str) -> Result<pynector::Events<String>>;

    /// And without, with the head.
    #[get("/news")]
    #[events]
    async fn news(&self) -> Result<pynector::Response<pynector::Events<String>>>;

    /// Lines.
    #[get("/export")]
    #[lines(skip_bad, max_line = "1MiB")]
    async fn lines(&self) -> Result<pynector::JsonLines<u64>>;
}

/// The same of a struct.
#[derive(Debug, Endpoint)]
#[get("/events", response = pynector::Pages<u64>)]
#[paginate(cursor = "next" -> "after")]
pub struct Walk<'a> {
    /// Where it starts.
    #[query]
    pub after: Option<&'a str>,
}

/// Events of a struct.
#[derive(Debug, Endpoint)]
#[get("/events", response = pynector::Events<String>)]
#[events(reconnect)]
pub struct Listen;

/// Lines of a struct.
#[derive(Debug, Endpoint)]
#[get("/lines", response = pynector::Response<pynector::JsonLines<String>>)]
#[lines]
pub struct Read;
