"""Writes one program four times: a hundred calls of an HTTP API, and their types."""

RESOURCES = 20

TYPES = """
#[derive(Debug, Deserialize)]
pub struct Item{n} {{
    pub id: u64,
    pub name: String,
    pub size: Option<u32>,
    pub tags: Vec<String>,
}}

#[derive(Debug, Serialize)]
pub struct NewItem{n}<'a> {{
    pub name: &'a str,
    pub tags: &'a [&'a str],
}}
"""

BY_MACRO = """
    #[get("/users/{{user}}/items{n}")]
    async fn items{n}(&self, user: &str, #[query] page: Option<u32>) -> Result<Vec<Item{n}>>;

    #[get("/users/{{user}}/items{n}/{{id}}")]
    async fn item{n}(&self, user: &str, id: u64) -> Result<Item{n}>;

    #[post("/users/{{user}}/items{n}")]
    async fn create{n}(&self, user: &str, #[json] item: &NewItem{n}<'_>) -> Result<Item{n}>;

    #[put("/users/{{user}}/items{n}/{{id}}")]
    async fn replace{n}(
        &self,
        user: &str,
        id: u64,
        #[header("if-match")] version: Option<&str>,
        #[json] item: &NewItem{n}<'_>,
    ) -> Result<Item{n}>;

    #[delete("/users/{{user}}/items{n}/{{id}}")]
    async fn delete{n}(&self, user: &str, id: u64) -> Result<()>;
"""

# What two ways of writing it by hand differ in: how a request is sent.
BY_REQWEST = """
    pub async fn items{n}(&self, user: &str, page: Option<u32>) -> Result<Vec<Item{n}>> {{
        let url = format!("{{}}/users/{{}}/items{n}", self.base_url, utf8_percent_encode(user, NON_ALPHANUMERIC));
        let mut request = self.http.get(url).timeout(TIMEOUT);
        if let Some(page) = page {{
            request = request.query(&[("page", page)]);
        }}
        {value}
    }}

    pub async fn item{n}(&self, user: &str, id: u64) -> Result<Item{n}> {{
        let url = format!("{{}}/users/{{}}/items{n}/{{id}}", self.base_url, utf8_percent_encode(user, NON_ALPHANUMERIC));
        let request = self.http.get(url).timeout(TIMEOUT);
        {value}
    }}

    pub async fn create{n}(&self, user: &str, item: &NewItem{n}<'_>) -> Result<Item{n}> {{
        let url = format!("{{}}/users/{{}}/items{n}", self.base_url, utf8_percent_encode(user, NON_ALPHANUMERIC));
        let request = self.http.post(url).timeout(TIMEOUT).json(item);
        {value}
    }}

    pub async fn replace{n}(
        &self,
        user: &str,
        id: u64,
        version: Option<&str>,
        item: &NewItem{n}<'_>,
    ) -> Result<Item{n}> {{
        let url = format!("{{}}/users/{{}}/items{n}/{{id}}", self.base_url, utf8_percent_encode(user, NON_ALPHANUMERIC));
        let mut request = self.http.put(url).timeout(TIMEOUT).json(item);
        if let Some(version) = version {{
            request = request.header("if-match", version);
        }}
        {value}
    }}

    pub async fn delete{n}(&self, user: &str, id: u64) -> Result<()> {{
        let url = format!("{{}}/users/{{}}/items{n}/{{id}}", self.base_url, utf8_percent_encode(user, NON_ALPHANUMERIC));
        let request = self.http.delete(url).timeout(TIMEOUT);
        {nothing}
    }}
"""

SPELLED_OUT = {
    "value": "request.send().await?.error_for_status()?.json().await",
    "nothing": "request.send().await?.error_for_status()?;\n        Ok(())",
}

WITH_HELPER = {"value": "decoded(request).await", "nothing": "sent(request).await.map(drop)"}

HELPER = """
async fn sent(request: reqwest::RequestBuilder) -> Result<reqwest::Response> {
    request.send().await?.error_for_status()
}

async fn decoded<T: serde::de::DeserializeOwned>(request: reqwest::RequestBuilder) -> Result<T> {
    sent(request).await?.json().await
}
"""

# Every future is polled by somebody, or its code would not be made; boxed, so that it is made once and nothing more.
USES = """
        Box::pin(async {{ client.items{n}("ada", Some(2)).await.is_ok() }}),
        Box::pin(async {{ client.item{n}("ada", 7).await.is_ok() }}),
        Box::pin(async {{ client.create{n}("ada", &NewItem{n} {{ name: "x", tags: &["a"] }}).await.is_ok() }}),
        Box::pin(async {{ client.replace{n}("ada", 7, Some("v"), &NewItem{n} {{ name: "x", tags: &["a"] }}).await.is_ok() }}),
        Box::pin(async {{ client.delete{n}("ada", 7).await.is_ok() }}),"""


def each(template, **words):
    return "".join(template.format(n=n, **words) for n in range(RESOURCES))


def main_of(make):
    return f"""
type Calls<'a> = Vec<std::pin::Pin<Box<dyn Future<Output = bool> + 'a>>>;

fn calls(client: &ApiClient) -> Calls<'_> {{
    vec![{each(USES)}
    ]
}}

fn main() {{
    println!("{{}} calls", calls(&{make}).len());
}}
"""


def by_reqwest(how, helper):
    return f"""use std::time::Duration;

use percent_encoding::{{NON_ALPHANUMERIC, utf8_percent_encode}};
use serde::{{Deserialize, Serialize}};

const TIMEOUT: Duration = Duration::from_secs(10);

type Result<T> = std::result::Result<T, reqwest::Error>;
{each(TYPES)}
pub struct ApiClient {{
    http: reqwest::Client,
    base_url: String,
}}

impl ApiClient {{{each(BY_REQWEST, **how)}}}
{helper}{main_of('ApiClient { http: reqwest::Client::new(), base_url: "https://api.example.com".to_owned() }')}"""


def programs():
    """Each program by the name of its crate."""
    return {
        "types": f"""#![allow(dead_code)]
use serde::{{Deserialize, Serialize}};
{each(TYPES)}
fn main() {{}}
""",
        "by_hand": by_reqwest(SPELLED_OUT, ""),
        "by_helper": by_reqwest(WITH_HELPER, HELPER),
        "by_macro": f"""use pynector::Result;
use serde::{{Deserialize, Serialize}};
{each(TYPES)}
#[pynector::api(base_url = "https://api.example.com", timeout = "10s")]
pub trait Api {{{each(BY_MACRO)}}}
{main_of("ApiClient::new().unwrap()")}""",
    }
