//! Where one JSON value differs from another.

use serde_json::Value;

use super::diff::Line;
use crate::backend::sent::{HIDDEN, is_secret};

/// More of them help nobody.
const MOST: usize = 20;

/// A line for each place where `sent` is not what is expected; members that only `sent` has are differences where it is
/// to be `whole`.
pub(super) fn lines(expected: &Value, sent: &Value, whole: bool) -> Vec<Line> {
    let mut walk = Walk { whole, lines: Vec::new() };
    walk.compare(&mut String::new(), Some(expected), Some(sent));
    let more = walk.lines.len().saturating_sub(MOST);
    walk.lines.truncate(MOST);
    if more > 0 {
        walk.lines.push(Line::differs("json", "", &format!("(and {more} more differences)")));
    }
    walk.lines
}

struct Walk {
    whole: bool,
    lines: Vec<Line>,
}

impl Walk {
    fn compare(&mut self, at: &mut String, expected: Option<&Value>, sent: Option<&Value>) {
        match (expected, sent) {
            (Some(Value::Object(expected)), Some(Value::Object(sent))) => {
                for (name, value) in expected {
                    self.below(at, name, Some(value), sent.get(name));
                }
                let more = sent.iter().filter(|(name, _)| self.whole && !expected.contains_key(*name));
                for (name, value) in more.collect::<Vec<_>>() {
                    self.below(at, name, None, Some(value));
                }
            }
            (Some(Value::Array(expected)), Some(Value::Array(sent))) => {
                for index in 0..expected.len().max(sent.len()) {
                    self.below(at, &index.to_string(), expected.get(index), sent.get(index));
                }
            }
            (expected, sent) if expected == sent => {}
            (expected, sent) => {
                self.lines.push(Line::differs("json", &shown(at, expected), &shown(at, sent)));
            }
        }
    }

    fn below(&mut self, at: &mut String, name: &str, expected: Option<&Value>, sent: Option<&Value>) {
        let length = at.len();
        at.push('/');
        // RFC 6901 §3.
        at.push_str(&name.replace('~', "~0").replace('/', "~1"));
        self.compare(at, expected, sent);
        at.truncate(length);
    }
}

/// `/title = "x"`, with a JSON pointer; the value alone where the whole is meant.
fn shown(at: &str, value: Option<&Value>) -> String {
    let value = match value {
        Some(_) if at.split('/').any(is_secret) => HIDDEN.to_owned(),
        Some(value) => without_secrets(value).to_string(),
        None => "(none)".to_owned(),
    };
    if at.is_empty() { value } else { format!("{at} = {value}") }
}

/// `value` with every member hidden whose name says that it is a secret, however deep it stands.
fn without_secrets(value: &Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(
            members
                .iter()
                .map(|(name, value)| {
                    let shown = if is_secret(name) { HIDDEN.into() } else { without_secrets(value) };
                    (name.clone(), shown)
                })
                .collect(),
        ),
        Value::Array(items) => items.iter().map(without_secrets).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::lines;

    #[track_caller]
    fn assert_differ(expected: &Value, sent: &Value, whole: bool, shown: &[(&str, &str)]) {
        let lines = lines(expected, sent, whole);
        let pairs: Vec<_> = lines.iter().map(|line| line.pair().unwrap()).collect();
        assert_eq!(pairs, shown);
    }

    #[test]
    fn each_place_is_named() {
        let expected = json!({ "a": 1, "b": { "c": [1, 2, 3], "d/e~": null }, "f": "x" });
        let sent = json!({ "a": 1, "b": { "c": [1, 3], "d/e~": false }, "g": true });
        let differences = [
            ("/b/c/1 = 2", "/b/c/1 = 3"),
            ("/b/c/2 = 3", "/b/c/2 = (none)"),
            ("/b/d~1e~0 = null", "/b/d~1e~0 = false"),
            ("/f = \"x\"", "/f = (none)"),
            ("/g = (none)", "/g = true"),
        ];
        assert_differ(&expected, &sent, true, &differences);
        assert_differ(&expected, &sent, false, &differences[..4]);
        assert_differ(&json!("a"), &json!(["a"]), true, &[("\"a\"", "[\"a\"]")]);
        for whole in [true, false] {
            assert_differ(&expected, &expected, whole, &[]);
        }
    }

    #[test]
    fn secrets_are_not_shown_and_long_lists_end() {
        let (expected, sent) = (json!({ "password": { "new": "a" } }), json!({ "password": { "new": "b" } }));
        assert_differ(
            &expected,
            &sent,
            true,
            &[("/password/new = (hidden)", "/password/new = (hidden), another")],
        );

        let sent =
            json!({ "user": { "name": "a", "auth": [{ "pin": 1 }] }, "list": [{ "api_key": "hunter2" }] });
        let shown = [
            ("/user = \"a\"", "/user = {\"auth\":\"(hidden)\",\"name\":\"a\"}"),
            ("/list = (none)", "/list = [{\"api_key\":\"(hidden)\"}]"),
        ];
        assert_differ(&json!({ "user": "a" }), &sent, true, &shown);

        let (expected, sent) = (json!(vec![0; 50]), json!(vec![1; 50]));
        let lines = lines(&expected, &sent, true);
        assert_eq!(lines.len(), 21);
        assert_eq!(lines[20].pair(), Some(("", "(and 30 more differences)")));
    }
}
