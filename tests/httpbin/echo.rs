//! What the server says it was sent: method, path, query, headers and body.

use std::collections::BTreeMap;

use pynector::{CallOptions, Response, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Outcome, httpbin, trials};

/// What httpbin says of a request; which fields there are depends on the endpoint.
#[derive(Debug, Deserialize)]
pub(crate) struct Echo {
    pub(crate) args: BTreeMap<String, Value>,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) url: String,
    pub(crate) method: Option<String>,
    pub(crate) data: Option<String>,
    pub(crate) json: Option<Value>,
}

impl Echo {
    /// A header of the request.
    pub(crate) fn echoed(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}

#[derive(Deserialize)]
struct Headers {
    headers: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct UserAgent {
    #[serde(rename = "user-agent")]
    name: String,
}

#[derive(Deserialize)]
struct Cookies {
    cookies: BTreeMap<String, String>,
}

#[derive(Serialize)]
struct Filter<'a> {
    state: &'a str,
    labels: &'a [&'a str],
    since: Option<u32>,
}

#[derive(Serialize)]
struct Document<'a> {
    name: &'a str,
    size: u64,
    ratio: f64,
    tags: Vec<&'a str>,
    parent: Option<u32>,
}

#[pynector::api(headers("x-api" = "of the trait", "x-both" = "of the trait"))]
trait Echoes {
    #[get("/anything/{first}/of/{second}.txt")]
    async fn path(&self, first: &str, second: &str) -> Result<Echo>;

    #[get("/anything?fixed=1")]
    async fn query(
        &self,
        #[query] text: &str,
        #[query("page-size")] size: u32,
        #[query] absent: Option<&str>,
        #[query] empty: &str,
        #[query] id: &[u32],
        #[query] filter: Filter<'_>,
    ) -> Result<Echo>;

    #[get("/headers", headers("x-both" = "of the verb"))]
    async fn headers(
        &self,
        #[header("X-Number")] number: i64,
        #[header("X-None")] none: Option<&str>,
    ) -> Result<Headers>;

    #[get("/user-agent")]
    async fn user_agent(&self) -> Result<UserAgent>;

    #[get("/user-agent")]
    async fn user_agent_of(&self, #[header("User-Agent")] name: &str) -> Result<UserAgent>;

    #[get("/cookies")]
    async fn cookies(&self, #[header("Cookie")] cookies: &str) -> Result<Cookies>;

    #[post("/anything")]
    async fn json(&self, #[json] body: &Document<'_>) -> Result<Echo>;

    #[get("/get")]
    async fn get(&self) -> Result<Echo>;

    #[post("/post")]
    async fn post(&self, #[json] body: &[u32]) -> Result<Echo>;

    #[post("/post")]
    async fn post_nothing(&self) -> Result<Echo>;

    #[put("/put")]
    async fn put(&self, #[json] body: &str) -> Result<Echo>;

    #[patch("/patch")]
    async fn patch(&self, #[json] body: Option<u32>) -> Result<Echo>;

    #[delete("/delete")]
    async fn delete(&self) -> Result<Echo>;

    #[head("/get")]
    async fn head(&self) -> Result<Response<()>>;

    #[options("/get")]
    async fn options(&self) -> Result<Response<()>>;

    #[http("TRACE", "/anything")]
    async fn trace(&self) -> Result<Echo>;
}

trials!(
    path_values_arrive_as_they_were query_values_arrive_as_they_were a_base_path_is_kept
    headers_go_down_the_ladder our_name_is_sent_unless_another_is cookies_are_a_header_like_others
    json_arrives_byte_for_byte every_verb_arrives_as_itself a_body_is_sent_only_where_there_is_one
    head_has_headers_alone options_names_the_methods
);

async fn path_values_arrive_as_they_were() -> Outcome {
    let echoes = EchoesClient::at(httpbin()?)?;
    // No slash and no valid `%xx`: the server decodes them before it knows what stands where.
    for value in
        ["plain", "two words", "100%", "%zz", "a?b#c&d=e", "größer", "日本", "a+b", "~._-", ";,:@!$'()*"]
    {
        let url = echoes.path(value, "é").await?.url;
        let path = url.split("/anything/").nth(1).unwrap_or_default();
        let decoded = percent_encoding::percent_decode_str(path).decode_utf8()?;
        assert_eq!(decoded, format!("{value}/of/é.txt"));
    }
    Ok(())
}

async fn query_values_arrive_as_they_were() -> Outcome {
    let text = "1 + 1 = 2 & 100% größer? #日本 %20 \"';,/\\";
    let filter = Filter { state: "op&en", labels: &["a b", "c+d"], since: None };
    let echo = EchoesClient::at(httpbin()?)?.query(text, 50, None, "", &[1, 2, 3], filter).await?;
    let expected = json!({
        "fixed": "1", "text": text, "page-size": "50", "empty": "", "id": ["1", "2", "3"],
        "state": "op&en", "labels": ["a b", "c+d"],
    });
    assert_eq!(serde_json::to_value(echo.args)?, expected);
    Ok(())
}

async fn a_base_path_is_kept() -> Outcome {
    for base in ["/anything/v1", "/anything/v1/"] {
        let echo = EchoesClient::at(httpbin()? + base)?.get().await?;
        assert!(echo.url.ends_with("/anything/v1/get"), "{}", echo.url);
    }
    Ok(())
}

async fn headers_go_down_the_ladder() -> Outcome {
    let client = EchoesClient::builder().base_url(httpbin()?).header("x-client", "of the client").build()?;
    let headers = client.headers(-5, None).await?.headers;
    let sent = |name: &str| headers.get(name).map(String::as_str);
    assert_eq!(sent("X-Api"), Some("of the trait"));
    assert_eq!(sent("X-Both"), Some("of the verb"));
    assert_eq!(sent("X-Client"), Some("of the client"));
    assert_eq!((sent("X-Number"), sent("X-None")), (Some("-5"), None));
    assert_eq!(
        (sent("Accept"), sent("Accept-Encoding")),
        (Some("application/json"), Some("zstd, br, gzip, deflate"))
    );

    let options = CallOptions::new().header("x-both", "of the call").header("x-api", "");
    let headers = client.with_options(options).headers(0, Some("there")).await?.headers;
    let sent = |name: &str| headers.get(name).map(String::as_str);
    assert_eq!(
        (sent("X-Both"), sent("X-Api"), sent("X-None")),
        (Some("of the call"), Some(""), Some("there"))
    );
    Ok(())
}

async fn our_name_is_sent_unless_another_is() -> Outcome {
    let echoes = EchoesClient::at(httpbin()?)?;
    assert!(echoes.user_agent().await?.name.starts_with("pynector/"));
    assert_eq!(echoes.user_agent_of("weather-app/2").await?.name, "weather-app/2");
    Ok(())
}

async fn cookies_are_a_header_like_others() -> Outcome {
    let cookies = EchoesClient::at(httpbin()?)?.cookies("flavour=oatmeal; size=12").await?.cookies;
    assert_eq!(cookies, [("flavour", "oatmeal"), ("size", "12")].map(|(k, v)| (k.into(), v.into())).into());
    Ok(())
}

async fn json_arrives_byte_for_byte() -> Outcome {
    let document = Document {
        name: "größer \"\\\u{1f980}\n\u{7f}",
        size: u64::MAX,
        ratio: 0.1 + 0.2,
        tags: vec!["", "</script>"],
        parent: None,
    };
    let echo = EchoesClient::at(httpbin()?)?.json(&document).await?;
    let text = serde_json::to_string(&document)?;
    assert_eq!(echo.echoed("Content-Length"), Some(text.len().to_string().as_str()));
    assert_eq!(echo.echoed("Content-Type"), Some("application/json"));
    assert_eq!(echo.data, Some(text));
    assert_eq!(echo.json, Some(serde_json::to_value(&document)?), "Python reads the same values");
    Ok(())
}

async fn every_verb_arrives_as_itself() -> Outcome {
    let echoes = EchoesClient::at(httpbin()?)?;
    // These endpoints answer no other method.
    assert!(echoes.get().await?.url.ends_with("/get"));
    assert_eq!(echoes.post(&[1, 2]).await?.json, Some(json!([1, 2])));
    assert_eq!(echoes.put("text").await?.json, Some(json!("text")));
    assert_eq!(echoes.patch(Some(7)).await?.json, Some(json!(7)));
    assert!(echoes.delete().await?.url.ends_with("/delete"));
    assert_eq!(echoes.trace().await?.method.as_deref(), Some("TRACE"));
    Ok(())
}

async fn a_body_is_sent_only_where_there_is_one() -> Outcome {
    let echoes = EchoesClient::at(httpbin()?)?;
    for echo in [echoes.post_nothing().await?, echoes.patch(None).await?] {
        assert_eq!((echo.data.as_deref(), echo.json.as_ref()), (Some(""), None));
        assert_eq!((echo.echoed("Content-Type"), echo.echoed("Content-Length")), (None, Some("0")));
    }
    assert_eq!(echoes.delete().await?.echoed("Content-Length"), None);
    Ok(())
}

async fn head_has_headers_alone() -> Outcome {
    let answer = EchoesClient::at(httpbin()?)?.head().await?;
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let length = answer.header("content-length").and_then(|length| length.parse::<u32>().ok());
    assert!(length.is_some_and(|length| length > 100), "{length:?}");
    Ok(())
}

async fn options_names_the_methods() -> Outcome {
    let answer = EchoesClient::at(httpbin()?)?.options().await?;
    let mut methods: Vec<_> = answer.header("allow").unwrap_or_default().split(", ").collect();
    methods.sort_unstable();
    assert_eq!(methods, ["GET", "HEAD", "OPTIONS"]);
    Ok(())
}
