"""Writes one program several times: so many calls of an HTTP API, five for each resource, and their types."""

import open_api

CALLS_OF_RESOURCE = 5

# `measure.py` has the number in a name.
CALLS_OF_TRAIT = 25

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

BY_FEIGNHTTP = """
    #[get("/users/{{user}}/items{n}")]
    async fn items{n}(&self, #[path] user: &str, #[query] page: Option<u32>) -> feignhttp::Result<Vec<Item{n}>>;

    #[get("/users/{{user}}/items{n}/{{id}}")]
    async fn item{n}(&self, #[path] user: &str, #[path] id: u64) -> feignhttp::Result<Item{n}>;

    #[post("/users/{{user}}/items{n}")]
    async fn create{n}(&self, #[path] user: &str, #[body] item: &NewItem{n}<'_>) -> feignhttp::Result<Item{n}>;

    #[put("/users/{{user}}/items{n}/{{id}}")]
    async fn replace{n}(
        &self,
        #[path] user: &str,
        #[path] id: u64,
        #[header(name = "if-match")] version: &str,
        #[body] item: &NewItem{n}<'_>,
    ) -> feignhttp::Result<Item{n}>;

    #[delete("/users/{{user}}/items{n}/{{id}}")]
    async fn delete{n}(&self, #[path] user: &str, #[path] id: u64) -> feignhttp::Result<()>;
"""

# A struct for each call instead of a type for each body: that is how its users write it. It has no headers of one call.
BY_RUSTIFY = """
#[derive(Debug, Deserialize)]
pub struct Item{n} {{
    pub id: u64,
    pub name: String,
    pub size: Option<u32>,
    pub tags: Vec<String>,
}}

#[derive(Endpoint)]
#[endpoint(path = "users/{{self.user}}/items{n}", response = "Vec<Item{n}>")]
pub struct Items{n} {{
    #[endpoint(skip)]
    pub user: String,
    #[endpoint(query)]
    pub page: Option<u32>,
}}

#[derive(Endpoint)]
#[endpoint(path = "users/{{self.user}}/items{n}/{{self.id}}", response = "Item{n}")]
pub struct Get{n} {{
    #[endpoint(skip)]
    pub user: String,
    #[endpoint(skip)]
    pub id: u64,
}}

#[derive(Endpoint)]
#[endpoint(path = "users/{{self.user}}/items{n}", method = "POST", response = "Item{n}")]
pub struct Create{n} {{
    #[endpoint(skip)]
    pub user: String,
    pub name: String,
    pub tags: Vec<String>,
}}

#[derive(Endpoint)]
#[endpoint(path = "users/{{self.user}}/items{n}/{{self.id}}", method = "PUT", response = "Item{n}")]
pub struct Replace{n} {{
    #[endpoint(skip)]
    pub user: String,
    #[endpoint(skip)]
    pub id: u64,
    pub name: String,
    pub tags: Vec<String>,
}}

#[derive(Endpoint)]
#[endpoint(path = "users/{{self.user}}/items{n}/{{self.id}}", method = "DELETE")]
pub struct Delete{n} {{
    #[endpoint(skip)]
    pub user: String,
    #[endpoint(skip)]
    pub id: u64,
}}
"""

# A call each, boxed so that its code is made once and nothing more. What each crate calls its arguments is its own.
USES = """
        Box::pin(async {{ {client}.items{n}("ada", Some(2)).await.is_ok() }}),
        Box::pin(async {{ {client}.item{n}("ada", 7).await.is_ok() }}),
        Box::pin(async {{ {client}.create{n}("ada", &NewItem{n} {{ name: "x", tags: &["a"] }}).await.is_ok() }}),
        Box::pin(async {{ {client}.replace{n}("ada", 7, {version}, &NewItem{n} {{ name: "x", tags: &["a"] }}).await.is_ok() }}),
        Box::pin(async {{ {client}.delete{n}("ada", 7).await.is_ok() }}),"""

USES_OF_RUSTIFY = """
        Box::pin(async {{ decoded(client, Items{n} {{ user: text("ada"), page: Some(2) }}).await }}),
        Box::pin(async {{ decoded(client, Get{n} {{ user: text("ada"), id: 7 }}).await }}),
        Box::pin(async {{ decoded(client, Create{n} {{ user: text("ada"), name: text("x"), tags: vec![text("a")] }}).await }}),
        Box::pin(async {{
            decoded(client, Replace{n} {{ user: text("ada"), id: 7, name: text("x"), tags: vec![text("a")] }}).await
        }}),
        Box::pin(async {{ Delete{n} {{ user: text("ada"), id: 7 }}.exec(client).await.is_ok() }}),"""

HELPER_OF_RUSTIFY = """
async fn decoded<E: Endpoint>(client: &Client, endpoint: E) -> bool {
    endpoint.exec(client).await.and_then(|answer| answer.parse()).is_ok()
}

fn text(text: &str) -> String {
    text.to_owned()
}
"""

USES_OF_PROGENITOR = """
        Box::pin(async {{ client.items{n}("ada", Some(2)).await.is_ok() }}),
        Box::pin(async {{ client.item{n}("ada", 7).await.is_ok() }}),
        Box::pin(async {{ client.create{n}("ada", &NewItem{n} {{ name: text("x"), tags: vec![text("a")] }}).await.is_ok() }}),
        Box::pin(async {{
            client.replace{n}("ada", 7, Some("v"), &NewItem{n} {{ name: text("x"), tags: vec![text("a")] }}).await.is_ok()
        }}),
        Box::pin(async {{ client.delete{n}("ada", 7).await.is_ok() }}),"""

HELPER_OF_PROGENITOR = """
fn text(text: &str) -> String {
    text.to_owned()
}
"""

# The call that an argument names is polled, so each may be, and no linker drops one.
MAIN = """
type Calls<'a> = Vec<std::pin::Pin<Box<dyn Future<Output = bool> + 'a>>>;

fn calls(client: &{client}) -> Calls<'_> {{
    vec![{uses}
    ]
}}

fn main() {{
    let client = {make};
    let mut calls = calls(&client);
    let chosen = std::env::args().nth(1).and_then(|number| number.parse().ok()).unwrap_or(usize::MAX);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match calls.get_mut(chosen) {{
        Some(call) => println!("{{:?}}", call.as_mut().poll(&mut context)),
        None => println!("{{}} calls", calls.len()),
    }}
}}
"""


def each(template, calls, first=0, **words):
    return "".join(template.format(n=n, **words) for n in range(first // CALLS_OF_RESOURCE, calls // CALLS_OF_RESOURCE))


def uses_of(calls, first=0, client="client", uses=USES, version='Some("v")'):
    return each(uses, calls, first, client=client, version=version)


def main_of(calls, make, client="ApiClient", uses=USES):
    return MAIN.format(client=client, make=make, uses=uses_of(calls, uses=uses))


def by_reqwest(calls, how, helper):
    make = 'ApiClient { http: reqwest::Client::new(), base_url: "https://api.example.com".to_owned() }'
    return f"""use std::time::Duration;

use percent_encoding::{{NON_ALPHANUMERIC, utf8_percent_encode}};
use serde::{{Deserialize, Serialize}};

const TIMEOUT: Duration = Duration::from_secs(10);

type Result<T> = std::result::Result<T, reqwest::Error>;
{each(TYPES, calls)}
pub struct ApiClient {{
    http: reqwest::Client,
    base_url: String,
}}

impl ApiClient {{{each(BY_REQWEST, calls, **how)}}}
{helper}{main_of(calls, make)}"""


def by_macro(calls):
    return f"""use pynector::Result;
use serde::{{Deserialize, Serialize}};
{each(TYPES, calls)}
#[pynector::api(base_url = "https://api.example.com", timeout = "10s")]
pub trait Api {{{each(BY_MACRO, calls)}}}
{main_of(calls, "ApiClient::new().unwrap()")}"""


def by_macro_traits(calls):
    """The same in traits of a few resources, whose clients stand over one transport."""
    traits, fields, clients, uses = "", "", "", ""
    for number, first in enumerate(range(0, calls, CALLS_OF_TRAIT)):
        last = min(first + CALLS_OF_TRAIT, calls)
        traits += f"#[pynector::api]\npub trait Part{number} {{{each(BY_MACRO, last, first)}}}\n\n"
        fields += f"    part{number}: Part{number}Client,\n"
        clients += f"            part{number}: Part{number}Client::from_transport(transport.clone())?,\n"
        uses += uses_of(last, first, f"client.part{number}")
    return f"""use std::time::Duration;

use pynector::{{HttpTransport, Result}};
use serde::{{Deserialize, Serialize}};
{each(TYPES, calls)}
{traits}pub struct ApiClient {{
{fields}}}

impl ApiClient {{
    fn new() -> Result<Self> {{
        let transport = HttpTransport::builder("https://api.example.com").timeout(Duration::from_secs(10)).build()?;
        Ok(Self {{
{clients}        }})
    }}
}}
{MAIN.format(client="ApiClient", make="ApiClient::new().unwrap()", uses=uses)}"""


def by_feignhttp(calls):
    main = MAIN.format(client="Api", make="Api::builder().build().unwrap()", uses=uses_of(calls, version='"v"'))
    return f"""use feignhttp::{{FeignClientBuilder as _, feign}};
use serde::{{Deserialize, Serialize}};
{each(TYPES, calls)}
#[feign(url = "https://api.example.com", timeout = 10000)]
pub trait Api {{{each(BY_FEIGNHTTP, calls)}}}
{main}"""


def by_rustify(calls):
    make = 'Client::default("https://api.example.com")'
    return f"""#![allow(dead_code)]
use rustify::{{Client, Endpoint}};
use rustify_derive::Endpoint;
use serde::Deserialize;
{each(BY_RUSTIFY, calls)}{HELPER_OF_RUSTIFY}{main_of(calls, make, "Client", USES_OF_RUSTIFY)}"""


def by_progenitor(calls):
    make = 'Client::new("https://api.example.com")'
    return f"""use types::*;

progenitor::generate_api!("../../target/compile_time/by_progenitor.json");
{HELPER_OF_PROGENITOR}{main_of(calls, make, "Client", USES_OF_PROGENITOR)}"""


def types(calls):
    return f"""#![allow(dead_code)]
use serde::{{Deserialize, Serialize}};
{each(TYPES, calls)}
fn main() {{}}
"""


# Each program by the name of its crate: how it is written for a number of calls.
PROGRAMS = {
    "types": types,
    "by_macro": by_macro,
    "by_macro_lean": by_macro,
    "by_macro_traits": by_macro_traits,
    "by_hand": lambda calls: by_reqwest(calls, SPELLED_OUT, ""),
    "by_helper": lambda calls: by_reqwest(calls, WITH_HELPER, HELPER),
    "by_feignhttp": by_feignhttp,
    "by_rustify": by_rustify,
    "by_progenitor": by_progenitor,
}


def write(folder, calls):
    """Writes all programs for so many calls, and what they read."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, program in PROGRAMS.items():
        (folder / f"{name}.rs").write_text(program(calls))
    (folder / "by_progenitor.json").write_text(open_api.document(calls // CALLS_OF_RESOURCE))
