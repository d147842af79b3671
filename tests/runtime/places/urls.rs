//! Templates and queries in every form.

use std::collections::BTreeMap;

use pynector::backend::{ScriptBackend, Step};
use pynector::{ErrorKind, Operation, QueryStyle, Result};
use serde::Serialize;

use crate::{built, transport};

#[derive(Serialize)]
pub(crate) struct Filter {
    state: &'static str,
    labels: Vec<&'static str>,
    by: BTreeMap<&'static str, u8>,
}

#[pynector::api]
pub(crate) trait Urls {
    #[get("/{tenant?}/{bucket}/{*key}")]
    async fn object(
        &self,
        tenant: Option<&str>,
        #[path_param(encoded)] bucket: &str,
        key: &str,
    ) -> Result<()>;

    #[get("/files/{path?}?v=1")]
    async fn file(&self, #[path_param("path", encoded)] at: Option<String>) -> Result<()>;

    #[get("/pair/{a}{b}/x")]
    async fn pair(&self, #[path_param(encoded)] a: &str, #[path_param(encoded)] b: &str) -> Result<()>;

    #[get("/s")]
    async fn styles(
        &self,
        #[query(style = csv)] ids: &[u8],
        #[query("w", style = space)] words: &[&str],
        #[query(style = pipe)] names: &[&str],
        #[query(style = brackets)] tags: &[&str],
    ) -> Result<()>;

    #[get("/s")]
    async fn nested(
        &self,
        #[query(style = deep_object)] filter: &Filter,
        #[query("filter[state]")] state: Option<&str>,
        #[query(style = dots)] sort: &Filter,
    ) -> Result<()>;

    #[get("/s")]
    async fn flat(&self, #[query] filter: &Filter) -> Result<()>;

    #[get("/raw?fixed=%20")]
    async fn raw(
        &self,
        #[query(encoded)] cursor: &str,
        #[query("c", style = csv, encoded)] codes: &[&str],
        #[query(encoded)] map: &BTreeMap<&str, &str>,
    ) -> Result<()>;
}

fn urls() -> (UrlsClient, ScriptBackend) {
    built(UrlsClient::builder().base_url("http://h/v2"), (0..20).map(|_| Step::status(204)))
}

fn sent(script: &ScriptBackend) -> String {
    script.requests().pop().unwrap().uri.to_string().strip_prefix("http://h").unwrap().to_owned()
}

#[tokio::test]
async fn an_optional_segment_comes_and_goes_with_its_slash() {
    let (urls, script) = urls();
    urls.object(Some("t/1"), "b%2Fc", "a b/c").await.unwrap();
    assert_eq!(sent(&script), "/v2/t%2F1/b%2Fc/a%20b/c");
    urls.object(None, "b", "a/b").await.unwrap();
    assert_eq!(sent(&script), "/v2/b/a/b");
    urls.file(None).await.unwrap();
    assert_eq!(sent(&script), "/v2/files?v=1");
    urls.file(Some("a%20b/%".to_owned())).await.unwrap();
    assert_eq!(sent(&script), "/v2/files/a%20b/%25?v=1");
    let error = urls.object(Some(""), "b", "c").await.unwrap_err();
    assert!(error.to_string().contains("`tenant` is empty"), "{error}");
    assert_eq!(script.requests().len(), 4);
}

#[tokio::test]
async fn no_segment_of_a_greedy_or_encoded_value_leaves_its_place() {
    let (urls, script) = urls();
    for (bucket, key) in [
        ("b", "a/../c"),
        ("b", "."),
        ("b", ""),
        ("b", "a//c"),
        ("b", "a/"),
        ("%2e%2E", "k"),
        ("a/..", "k"),
        ("", "k"),
    ] {
        let error = urls.object(None, bucket, key).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request, "{bucket} {key}");
    }
    assert_eq!(urls.pair("%2e", ".").await.unwrap_err().kind(), ErrorKind::Request);
    assert_eq!(urls.pair("a/.", "%2e/b").await.unwrap_err().kind(), ErrorKind::Request);
    assert_eq!(script.requests().len(), 0);
    urls.pair("a/.", "b").await.unwrap();
    assert_eq!(sent(&script), "/v2/pair/a/.b/x");
}

#[tokio::test]
async fn lists_are_written_in_their_style() {
    let (urls, script) = urls();
    urls.styles(&[1, 2], &["a", "b"], &["c,", "d"], &["e", "f"]).await.unwrap();
    assert_eq!(sent(&script), "/v2/s?ids=1,2&w=a%20b&names=c%2C%7Cd&tags%5B%5D=e&tags%5B%5D=f");
    urls.styles(&[], &[], &[], &[]).await.unwrap();
    assert_eq!(sent(&script), "/v2/s");
    for error in [urls.styles(&[], &["a b"], &[], &[]).await, urls.styles(&[], &[], &["a|b"], &[]).await] {
        assert!(error.unwrap_err().to_string().contains("parts the items"));
    }
}

#[tokio::test]
async fn structs_nest_in_a_style_that_nests() {
    let (urls, script) = urls();
    let filter = Filter { state: "open", labels: vec!["x"], by: BTreeMap::from([("n", 1)]) };
    urls.nested(&filter, Some("closed"), &filter).await.unwrap();
    assert_eq!(
        sent(&script),
        "/v2/s?filter%5Blabels%5D%5B%5D=x&filter%5Bby%5D%5Bn%5D=1&filter%5Bstate%5D=closed\
         &sort.state=open&sort.labels=x&sort.by.n=1"
    );
    let error = urls.flat(&filter).await.unwrap_err().to_string();
    assert!(error.contains("`style = deep_object`") && error.contains("`filter`"), "{error}");
}

#[tokio::test]
async fn what_is_encoded_already_is_not_encoded_again() {
    let (urls, script) = urls();
    urls.raw("a%3D&b", &["%2C", "x,y"], &BTreeMap::from([("k%20", "v%26&")])).await.unwrap();
    assert_eq!(sent(&script), "/v2/raw?fixed=%20&cursor=a%3D%26b&c=%2C,x%2Cy&k%20=v%26%26");
}

const OBJECT: Operation = Operation::get("Test::object", "/{a?}/{b}");

#[tokio::test]
async fn the_same_links_are_there_for_a_call_by_hand() {
    let (transport, script) = transport((0..2).map(|_| Step::status(204)));
    let call = transport.call(&OBJECT).path_optional_encoded("a", Some("x%20y")).path_encoded("b", "%2F");
    let call = call.query_encoded("c", "%41").query_styled("d", QueryStyle::Csv, &[1, 2]);
    call.query_styled_encoded("e", QueryStyle::Pipe, &["%41", "b"]).send::<()>().await.unwrap();
    assert_eq!(sent(&script), "/x%20y/%2F?c=%41&d=1,2&e=%41%7Cb");
    let (absent, shared) = (None::<u8>, &None::<String>);
    transport.call(&OBJECT).path_optional("a", shared).path("b", 1).send::<()>().await.unwrap();
    assert_eq!(sent(&script), "/1");
    let error = transport.call(&OBJECT).path_optional("a", absent).path_optional("b", absent).send::<()>();
    assert!(error.await.unwrap_err().to_string().contains("`{b?}` may be absent"));
}
