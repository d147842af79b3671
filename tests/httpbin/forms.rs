//! Forms, multipart forms and raw bodies, as a server reads them with parsers that are not ours.

use std::collections::BTreeMap;

use pynector::{CallOptions, ErrorKind, Multipart, Part, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Outcome, failure, httpbin, trials};

/// What httpbin has read of a body.
#[derive(Debug, Deserialize)]
struct Read {
    args: BTreeMap<String, Value>,
    data: String,
    files: Value,
    form: Value,
    headers: BTreeMap<String, String>,
    json: Value,
}

impl Read {
    fn media(&self) -> &str {
        self.headers.get("Content-Type").map_or("", String::as_str)
    }
}

#[derive(Serialize)]
struct Login<'a> {
    user: &'a str,
    device: Option<&'a str>,
    scopes: &'a [&'a str],
}

#[pynector::api(retry = off)]
trait Forms {
    #[post("/post")]
    async fn login(&self, #[form] login: Option<&Login<'_>>) -> Result<Read>;

    #[put("/put")]
    async fn fields(
        &self,
        #[form("a b&=")] odd: &str,
        #[form] n: &[f64],
        #[form] absent: Option<u8>,
        #[form] empty: &str,
    ) -> Result<Read>;

    #[post("/post")]
    async fn parts(
        &self,
        #[part("na\"me")] title: &str,
        #[part] draft: bool,
        #[part] tags: &[&str],
        #[part] absent: Option<&str>,
        #[part] text: Part,
        #[part] bytes: Part,
        #[part] many: Vec<Part>,
    ) -> Result<Read>;

    #[patch("/patch")]
    async fn whole(&self, #[multipart] form: &Multipart) -> Result<Read>;

    #[post("/post")]
    async fn text(&self, #[header("content-type")] media: Option<&str>, #[body] text: &str) -> Result<Read>;

    #[put("/put")]
    async fn bytes(&self, #[body] bytes: Option<Vec<u8>>) -> Result<Read>;

    #[delete("/delete")]
    async fn object(
        &self,
        #[json_field("na\"me")] name: &str,
        #[json_field] absent: Option<u8>,
        #[json_field] nothing: &Value,
        #[json_field] list: &[u8],
    ) -> Result<Read>;

    #[post]
    async fn anywhere(
        &self,
        #[url] target: &str,
        #[query] size: u8,
        #[body] text: &str,
        #[call_options] options: Option<CallOptions>,
    ) -> Result<Read>;
}

trials! {
    a_form_is_read_as_it_was_meant fields_are_one_form parts_are_one_form a_form_put_together_elsewhere
    text_is_text_and_bytes_are_bytes fields_are_one_object a_url_is_called_with_its_query
}

fn forms() -> Outcome<FormsClient> {
    Ok(FormsClient::at(httpbin()?)?)
}

async fn a_form_is_read_as_it_was_meant() -> Outcome {
    let login = Login { user: "Ada L. +&=%\u{e9}\u{1f600}", device: None, scopes: &["a b", "*~"] };
    let read = forms()?.login(Some(&login)).await?;
    assert_eq!(read.form, json!({ "user": "Ada L. +&=%\u{e9}\u{1f600}", "scopes": ["a b", "*~"] }));
    assert_eq!(read.media(), "application/x-www-form-urlencoded");

    let read = forms()?.login(None).await?;
    assert_eq!((read.form.clone(), read.data.as_str(), read.media()), (json!({}), "", ""));
    Ok(())
}

async fn fields_are_one_form() -> Outcome {
    let read = forms()?.fields("\r\n\t\"", &[0.5, -2.0], None, "").await?;
    assert_eq!(read.form, json!({ "a b&=": "\r\n\t\"", "n": ["0.5", "-2"], "empty": "" }));
    Ok(())
}

async fn parts_are_one_form() -> Outcome {
    let text = Part::text("line\nline").file_name("a \"b\".txt").content_type("text/plain");
    let bytes = Part::bytes(vec![0, 0xff, b'\r', b'\n']).file_name("b.bin");
    let many = vec![Part::json(json!({ "a": [1] })), Part::text("\u{65e5}")];
    let read = forms()?.parts("x", true, &["a", "b"], None, text, bytes, many).await?;
    let fields =
        json!({ "na\"me": "x", "draft": "true", "tags": ["a", "b"], "many": ["{\"a\":[1]}", "\u{65e5}"] });
    assert_eq!(read.form, fields);
    assert_eq!(read.files["text"], "line\nline");
    assert_eq!(read.files["bytes"], "data:application/octet-stream;base64,AP8NCg==");
    assert!(read.media().starts_with("multipart/form-data; boundary="), "{}", read.media());
    Ok(())
}

async fn a_form_put_together_elsewhere() -> Outcome {
    let form = Multipart::new().part("a", 1).part("a", 2).part("b", b"\xff");
    let read = forms()?.whole(&form).await?;
    assert_eq!(read.form["a"], json!(["1", "2"]));
    Ok(())
}

async fn text_is_text_and_bytes_are_bytes() -> Outcome {
    let forms = forms()?;
    let read = forms.text(None, "caf\u{e9}\r\n").await?;
    assert_eq!((read.data.as_str(), read.media()), ("caf\u{e9}\r\n", "text/plain; charset=utf-8"));
    let read = forms.text(Some("application/json"), "[1]").await?;
    assert_eq!((read.json.clone(), read.media()), (json!([1]), "application/json"));
    let read = forms.bytes(Some(vec![0, 0xff])).await?;
    assert_eq!(
        (read.data.as_str(), read.media()),
        ("data:application/octet-stream;base64,AP8=", "application/octet-stream")
    );
    let read = forms.bytes(None).await?;
    assert_eq!((read.data.as_str(), read.media()), ("", ""));
    Ok(())
}

async fn fields_are_one_object() -> Outcome {
    let read = forms()?.object("\"\n\u{e9}", None, &Value::Null, &[1, 2]).await?;
    assert_eq!(read.json, json!({ "na\"me": "\"\n\u{e9}", "nothing": null, "list": [1, 2] }));
    Ok(())
}

async fn a_url_is_called_with_its_query() -> Outcome {
    let forms = FormsClient::at(format!("{}/anything/v1", httpbin()?))?;
    for target in ["x?page=2".to_owned(), format!("{}/post?page=2", httpbin()?), "/post?page=2".to_owned()] {
        let read = forms.anywhere(&target, 5, "a", None).await?;
        assert_eq!(json!(read.args), json!({ "page": "2", "size": "5" }), "{target}");
        assert_eq!(read.data, "a");
    }
    // The same server by another name is another origin.
    let other = httpbin()?.replace("127.0.0.1", "localhost") + "/post?page=2";
    let error = failure(forms.anywhere(&other, 5, "a", None)).await?;
    assert_eq!((error.kind(), error.was_sent()), (ErrorKind::Request, false), "{error}");
    Ok(())
}
