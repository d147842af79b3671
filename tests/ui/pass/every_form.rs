//! Every form that the documentation shows.

use pynector::Result;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Item {
    id: u64,
}

#[derive(Serialize)]
struct Filter<'a> {
    tag: &'a str,
}

#[pynector::api(
    base_url = "https://api.example.com/v1",
    client = Api,
    headers("accept" = "application/json", "x-a" = "1", "x-a" = "2"),
    timeouts(connect = "2s", attempt = "10s", write = "5s", read = "30s", deadline = none),
    retry(max_retries = 0, status_codes()),
    breaker,
)]
trait Items {
    #[get("/items/{id}")]
    async fn item(&self, id: u64) -> Result<Item>;

    #[get("items?fixed=1")]
    async fn relative(
        &self,
        #[query] filter: Filter<'_>,
        #[query("per_page")] size: Option<u8>,
    ) -> Result<Vec<Item>>;

    #[patch("/items/{id}", retry(any_method), breaker(group = "writes", failure_threshold = 3))]
    async fn change(&self, #[path_param("id")] item: u64, #[json] body: &serde_json::Value) -> Result<()>;

    #[http("PURGE", "/{a}-{b}.json/{{x}}", idempotent, retry(jitter = full))]
    async fn purge(&self, a: &str, b: &str, #[header("X-Trace")] trace: Option<&str>) -> Result<()>;

    #[options("/", retry = off, breaker = off, timeout = "1h1m1s1ms1us")]
    async fn options(&self, #[bearer] token: &str) -> Result<()>;

    #[post("/items/{id}/files")]
    async fn add(
        &self,
        id: u64,
        #[part] title: &str,
        #[part("file")] files: Vec<pynector::Part>,
    ) -> Result<()>;

    #[post("/search")]
    async fn search(&self, #[form] filter: Filter<'_>, #[form("page-size")] size: Option<u8>) -> Result<()>;

    #[get(timeout = "1s")]
    async fn next(
        &self,
        #[url] link: &str,
        #[call_options] options: Option<&pynector::CallOptions>,
    ) -> Result<()>;

    #[delete("/items")]
    async fn clear(&self, #[basic] credentials: (&str, Option<&str>)) -> Result<()>;
}

fn main() {
    let api = Api::new().unwrap();
    drop((api.item(1), api.relative(Filter { tag: "a" }, None), api.purge("a", "b", None)));
    drop((api.options("t"), api.clear(("u", None))));
    drop((api.add(1, "a", vec![]), api.search(Filter { tag: "a" }, None), api.next("/a", None)));
    drop(async { api.item(1).await.map(|item| item.id) });
    drop(api.change(1, &serde_json::Value::Null));
}
