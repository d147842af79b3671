//! Templates of paths: what the macro accepts the runtime fills, each value in its own segment and nowhere else.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

use percent_encoding::percent_decode_str;
use pynector::backend::ScriptBackend;
use pynector::{HttpTransport, Operation};

#[allow(dead_code, reason = "the file is here whole")]
#[path = "../../pynector-macros/src/template.rs"]
mod grammar;

/// The base URL ends in this.
const PREFIX: &str = "/v2";

static TRANSPORT: LazyLock<HttpTransport> =
    LazyLock::new(|| HttpTransport::builder("http://h/v2").backend(ScriptBackend::new([])).build().unwrap());

/// The first line is a template, each other one the value of a placeholder, in their order; an empty one is absent.
pub fn run(data: &[u8]) {
    // Longer URLs than a URL may be are another matter.
    let Some(text) = std::str::from_utf8(data).ok().filter(|text| text.len() < 4096) else { return };
    let (template, values) = text.split_once('\n').unwrap_or((text, ""));
    let operation = operation(template);
    let Ok(names) = grammar::parse(template) else {
        let unchecked = TRANSPORT.to_request(async |transport| transport.call(operation).send::<()>().await);
        if let Ok(request) = unchecked {
            assert!(request.uri().path().starts_with(PREFIX));
        }
        return;
    };
    let mut values = values.split('\n');
    let bound: Vec<_> =
        names.all.iter().map(|name| (interned(name), values.next().unwrap_or_default())).collect();
    let made = TRANSPORT.to_request(async |transport| {
        let mut call = transport.call(operation);
        for (name, value) in &bound {
            call = if names.optional.iter().any(|optional| optional == name) {
                call.path_optional(name, Some(*value).filter(|value| !value.is_empty()))
            } else {
                call.path(name, *value)
            };
        }
        call.send::<()>().await
    });
    let values: HashMap<_, _> = bound.into_iter().collect();
    match (made, expected(template, &values)) {
        (Ok(request), Some((segments, query))) => {
            let (uri, decoded) = (request.uri(), |text: &str| percent_decode_str(text).collect::<Vec<_>>());
            let path = uri.path().strip_prefix(PREFIX).unwrap();
            assert_eq!(path.split('/').map(decoded).collect::<Vec<_>>(), segments, "{uri}");
            assert_eq!(uri.query().map(decoded), query, "{uri}");
            assert_eq!(uri.host(), Some("h"));
        }
        (Err(_), None) => {}
        (made, expected) => panic!("{made:?} where {expected:?} was expected"),
    }
}

/// A piece of a template, with the braces that it stands for.
enum Piece<'t> {
    Text(&'t str),
    Name(&'t str),
}

/// The pieces of a template that the grammar has accepted.
fn pieces(template: &str) -> Vec<Piece<'_>> {
    let (mut pieces, mut rest) = (Vec::new(), template);
    while let Some(at) = rest.find(['{', '}', '/', '?']) {
        pieces.push(Piece::Text(&rest[..at]));
        let from = &rest[at..];
        let length = if from.starts_with("{{") || from.starts_with("}}") {
            pieces.push(Piece::Text(&from[..1]));
            2
        } else if from.starts_with('{') {
            let end = from.find('}').unwrap();
            pieces.push(Piece::Name(&from[1..end]));
            end + 1
        } else {
            pieces.push(Piece::Text(&from[..1]));
            1
        };
        rest = &from[length..];
    }
    pieces.push(Piece::Text(rest));
    pieces
}

/// The segments of the path and the query, decoded; nothing if the call must be refused.
#[expect(clippy::type_complexity, reason = "it is named nowhere else")]
fn expected(template: &str, values: &HashMap<&str, &str>) -> Option<(Vec<Vec<u8>>, Option<Vec<u8>>)> {
    let mut segments = vec![Some(Vec::new())];
    let mut query = None::<Vec<u8>>;
    if !(template.is_empty() || template.starts_with(['/', '?'])) {
        segments.push(Some(Vec::new()));
    }
    for piece in pieces(template) {
        match (piece, &mut query) {
            (Piece::Text(""), _) => {}
            (Piece::Text("/"), None) => segments.push(Some(Vec::new())),
            (Piece::Text("?"), None) => query = Some(Vec::new()),
            (Piece::Text(text), Some(query)) => query.extend(percent_decode_str(text)),
            (Piece::Text(text), None) => segments.last_mut()?.as_mut()?.extend(percent_decode_str(text)),
            (Piece::Name(name), _) => {
                let plain = name.trim_start_matches('*').trim_end_matches('?');
                let value = *values.get(plain)?;
                if value.is_empty() && name.ends_with('?') {
                    *segments.last_mut()? = None;
                } else if name.starts_with('*') {
                    let mut parts = value.split('/');
                    segments.last_mut()?.as_mut()?.extend(parts.next()?.bytes());
                    segments.extend(parts.map(|part| Some(part.as_bytes().to_vec())));
                    if value.split('/').any(str::is_empty) {
                        return None;
                    }
                } else if value.is_empty() {
                    return None;
                } else {
                    segments.last_mut()?.as_mut()?.extend(value.bytes());
                }
            }
        }
    }
    let segments: Vec<_> = segments.into_iter().flatten().collect();
    let is_dots = |segment: &Vec<u8>| matches!(segment.as_slice(), b"." | b"..");
    (!segments.iter().any(is_dots)).then_some((segments, query))
}

/// A text that stays, since an operation is a constant; the same one for the same text.
fn interned(text: &str) -> &'static str {
    static TEXTS: LazyLock<Mutex<HashMap<String, &'static str>>> = LazyLock::new(Mutex::default);
    let mut texts = TEXTS.lock().unwrap();
    if let Some(known) = texts.get(text) {
        return known;
    }
    let leaked: &'static str = Box::leak(text.to_owned().into_boxed_str());
    texts.insert(text.to_owned(), leaked);
    leaked
}

fn operation(template: &str) -> &'static Operation {
    static OPERATIONS: LazyLock<Mutex<HashMap<&'static str, &'static Operation>>> =
        LazyLock::new(Mutex::default);
    let template = interned(template);
    let mut operations = OPERATIONS.lock().unwrap();
    operations.entry(template).or_insert_with(|| Box::leak(Box::new(Operation::get("Fuzz::get", template))))
}
