//! The links that bind a body: exactly one kind of it for each call.

use super::Call;
use super::values::{BodyValue, FormValue, JsonValue};
use crate::request::json::{self, Write};
use crate::request::parts::{MultipartValue, PartValue};

/// Bodies. A call has one: another kind, or a second whole one, is its error (kind
/// [`Request`](crate::ErrorKind::Request)), and nothing is sent then. What such a link says of the `content-type` holds
/// unless a header says otherwise.
impl Call {
    /// Sends `value` as JSON; `None` sends no body.
    pub fn json<T: JsonValue + ?Sized>(self, value: &T) -> Self {
        self.json_text(&|document| value.serialize(document))
    }

    /// Not a part of [`json`](Self::json), so that it is compiled once and not for every type.
    fn json_text(self, value: Write<'_>) -> Self {
        let text = json::to_vec(value, self.plan.room());
        self.bind(|call| match text? {
            Some(text) => {
                call.plan.took(text.len());
                call.content.json(text)
            }
            None => Ok(()),
        })
    }

    /// Adds the field `name` to a JSON object, which is the body; `None` leaves the field out, and what serializes as
    /// `null` otherwise is sent as `null`.
    ///
    /// The object is sent without a field too, as `{}`.
    ///
    /// ```no_run
    /// # use pynector::{HttpTransport, Operation, Result};
    /// const RENAME: Operation = Operation::patch("Users::rename", "/users/{id}");
    ///
    /// # async fn run(transport: &HttpTransport) -> Result<()> {
    /// // {"name":"Ada"}
    /// let call = transport.call(&RENAME).path("id", 7).json_field("name", "Ada").json_field("mail", &None::<&str>);
    /// call.send::<()>().await
    /// # }
    /// ```
    pub fn json_field<T: JsonValue + ?Sized>(self, name: &'static str, value: &T) -> Self {
        self.bind(|call| call.content.field(name, value))
    }

    /// Adds `value` to an URL-encoded form (`application/x-www-form-urlencoded`), which is the body: a scalar under
    /// `name`, a list under it repeatedly, a struct, map or list of pairs under its own keys; `None` is left out. A space
    /// is `+`.
    ///
    /// Where every value is `None` there is no body.
    ///
    /// ```no_run
    /// # use pynector::{HttpTransport, Operation, Result};
    /// const TOKEN: Operation = Operation::post("Login::token", "/token");
    ///
    /// # async fn run(transport: &HttpTransport) -> Result<String> {
    /// // grant_type=password&user=Ada+L.
    /// transport.call(&TOKEN).form("grant_type", "password").form("user", "Ada L.").send().await
    /// # }
    /// ```
    pub fn form<T: FormValue + ?Sized>(self, name: &'static str, value: &T) -> Self {
        self.bind(|call| call.content.form(name, value, call.plan.operation().named_form()))
    }

    /// Sends text (`text/plain; charset=utf-8`) or bytes (`application/octet-stream`) as they are, and a
    /// [`Coded`](crate::Coded) value in its format; `None` sends no body.
    ///
    /// ```no_run
    /// # use pynector::{HttpTransport, Operation, Result};
    /// const NOTE: Operation = Operation::put("Notes::write", "/notes/{id}");
    ///
    /// # async fn run(transport: &HttpTransport) -> Result<()> {
    /// let call = transport.call(&NOTE).path("id", 7).header("content-type", "text/markdown").body("# Milk");
    /// call.send::<()>().await
    /// # }
    /// ```
    pub fn body(self, body: impl BodyValue) -> Self {
        self.bind(|call| {
            let body = body.into_body()?;
            match body.content_type() {
                Some(media) => call.content.body(body, media),
                None => Ok(()),
            }
        })
    }

    /// Sends a form as `multipart/form-data`; `None`, and a form without parts, send no body.
    ///
    /// A `content-type` from any level is an error then, since only the client knows the boundary.
    ///
    /// ```no_run
    /// # use pynector::{HttpTransport, Multipart, Operation, Part, Result};
    /// const UPLOAD: Operation = Operation::post("Files::upload", "/files");
    ///
    /// # async fn run(transport: &HttpTransport) -> Result<()> {
    /// let form = Multipart::new().part("title", "Sea").part("photo", Part::bytes(vec![0xff]).file_name("sea.jpg"));
    /// transport.call(&UPLOAD).multipart(form).send().await
    /// # }
    /// ```
    pub fn multipart(self, form: impl MultipartValue) -> Self {
        self.bind(|call| match form.into_multipart() {
            Some(form) => call.content.multipart(form),
            None => Ok(()),
        })
    }

    /// Adds one part to a form that is sent as `multipart/form-data`: text, a number, a boolean, bytes or a
    /// [`Part`](crate::Part); of a list one part for each item, of `None` nothing. Without any part there is no body.
    pub fn part(self, name: &'static str, value: impl PartValue) -> Self {
        self.bind(|call| call.content.part(name, &value))
    }
}
