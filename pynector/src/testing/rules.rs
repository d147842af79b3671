//! What a request must be like, and how one differs from that.

use bytes::Bytes;
use http::{HeaderName, HeaderValue};
use serde_json::Value;

use super::diff::Line;
use super::json;
use crate::backend::SentRequest;
use crate::backend::sent::{HIDDEN, is_secret};

/// What is not asked for is not looked at.
#[derive(Clone, Default)]
pub(super) struct Rules {
    pub(super) operation: Option<String>,
    pub(super) method: Option<String>,
    pub(super) path: Option<String>,
    /// Each parameter and its value, or that it must not be there.
    pub(super) query: Vec<(String, Option<String>)>,
    /// The same of headers.
    pub(super) headers: Vec<(HeaderName, Option<HeaderValue>)>,
    /// Fields of a form.
    pub(super) form: Vec<(String, Option<String>)>,
    pub(super) body: Option<BodyRule>,
}

#[derive(Clone)]
pub(super) enum BodyRule {
    Json {
        value: Value,
        /// Whether it may have no other members.
        whole: bool,
    },
    Bytes(Bytes),
}

impl Rules {
    pub(super) fn accepts(&self, sent: &SentRequest) -> bool {
        self.distance(sent) == 0
    }

    /// How far `sent` is from this.
    pub(super) fn distance(&self, sent: &SentRequest) -> usize {
        self.compare(sent).iter().map(Line::distance).sum()
    }

    /// A line for everything that is asked for.
    pub(super) fn compare(&self, sent: &SentRequest) -> Vec<Line> {
        let mut lines = Vec::new();
        if let Some(operation) = &self.operation {
            // A program has many requests that look alike, but calls what it means.
            lines.push(text("operation", operation, sent.operation).weighed(8));
        }
        if let Some(method) = &self.method {
            lines.push(text("method", method, sent.method.as_str()).weighed(2));
        }
        if let Some(path) = &self.path {
            lines.push(text("path", path, sent.path()).weighed(segments_apart(path, sent.path())));
        }
        let query = if self.query.is_empty() { Vec::new() } else { sent.query() };
        lines.extend(parameters("query", &self.query, &query));
        lines.extend(self.headers.iter().map(|(name, value)| header(name, value.as_ref(), sent)));
        let form = if self.form.is_empty() { Vec::new() } else { sent.form() };
        lines.extend(parameters("form", &self.form, &form));
        match &self.body {
            Some(BodyRule::Json { value, whole }) => lines.extend(json_body(value, *whole, &sent.body)),
            Some(BodyRule::Bytes(bytes)) if *bytes == sent.body => {
                lines.push(Line::same("body", &size("as expected", bytes)));
            }
            Some(BodyRule::Bytes(bytes)) => {
                lines.push(Line::differs("body", &body(bytes), &body(&sent.body)));
            }
            None => {}
        }
        lines
    }
}

impl Line {
    /// The same at this distance, where it differs at all.
    fn weighed(self, weight: usize) -> Self {
        if self.distance() == 0 { self } else { self.at_distance(weight) }
    }
}

fn text(what: &'static str, expected: &str, sent: &str) -> Line {
    if expected == sent {
        Line::same(what, sent)
    } else {
        Line::differs(what, expected, if sent.is_empty() { "(none)" } else { sent })
    }
}

fn segments_apart(one: &str, other: &str) -> usize {
    let (one, other): (Vec<_>, Vec<_>) = (one.split('/').collect(), other.split('/').collect());
    let differ = one.iter().zip(&other).filter(|(one, other)| one != other).count();
    (differ + one.len().abs_diff(other.len())).max(1)
}

/// A line for each parameter of a query or a form.
fn parameters(
    what: &'static str,
    expected: &[(String, Option<String>)],
    sent: &[(String, String)],
) -> impl Iterator<Item = Line> {
    expected.iter().map(move |(name, expected)| {
        let values = || sent.iter().filter(|(own, _)| own == name).map(|(_, value)| &**value);
        let shown = |value: &str| format!("{name}={}", if is_secret(name) { HIDDEN } else { value });
        let absent = format!("(no {name})");
        let sent = match values().map(shown).reduce(|all, one| format!("{all}&{one}")) {
            Some(sent) => sent,
            None => absent.clone(),
        };
        let met = match expected {
            Some(expected) => values().any(|value| value == expected),
            None => values().next().is_none(),
        };
        let expected = expected.as_deref().map_or(absent, shown);
        if met { Line::same(what, &sent) } else { Line::differs(what, &expected, &sent) }
    })
}

fn header(name: &HeaderName, expected: Option<&HeaderValue>, sent: &SentRequest) -> Line {
    let values = || sent.headers.get_all(name).iter();
    let hidden = is_secret(name.as_str()) || values().any(HeaderValue::is_sensitive);
    let shown = |value: &HeaderValue| {
        let text = String::from_utf8_lossy(value.as_bytes());
        format!("{name}: {}", if hidden { HIDDEN } else { &text })
    };
    let absent = format!("(no {name})");
    let actual = match values().map(shown).reduce(|all, one| format!("{all}; {one}")) {
        Some(actual) => actual,
        None => absent.clone(),
    };
    let met = match expected {
        Some(expected) => values().any(|value| value == expected),
        None => values().next().is_none(),
    };
    if met {
        Line::same("header", &actual)
    } else {
        Line::differs("header", &expected.map_or(absent, shown), &actual)
    }
}

fn json_body(expected: &Value, whole: bool, sent: &Bytes) -> Vec<Line> {
    let Ok(value) = serde_json::from_slice::<Value>(sent) else {
        return vec![Line::differs("json", "(JSON)", &body(sent))];
    };
    let lines = json::lines(expected, &value, whole);
    if lines.is_empty() { vec![Line::same("json", &size("as expected", sent))] } else { lines }
}

/// As much as a line needs: text is quoted, other bytes are counted.
fn body(bytes: &Bytes) -> String {
    match std::str::from_utf8(bytes) {
        Ok("") => "(no body)".to_owned(),
        Ok(text) => format!("{text:?}"),
        Err(_) => size("no text", bytes),
    }
}

fn size(what: &str, bytes: &Bytes) -> String {
    format!("({what}, {} bytes)", bytes.len())
}
