//! `#[paginate(..)]`: what names the next page, where its items are, and when there is none.

use proc_macro2::{Span, TokenStream};
use syn::parse::{ParseStream, Parser as _};
use syn::{LitStr, Token};

use super::value::refused;
use super::{Entry, Keys, Value, first_span, stream};
use crate::diagnostics::Diagnostics;
use crate::model::{Next, Paginate};

pub(super) const KEYS: &[&str] = &["link", "next_url", "cursor", "page", "offset", "items", "more", "first"];

/// The keys that say what names the next page.
const WAYS: [&str; 5] = ["link", "next_url", "cursor", "page", "offset"];

const CURSOR: &str = "write `cursor = \"next_cursor\" -> \"cursor\"`";

/// `#[paginate(cursor = "last_id" -> "after", items = "data", more = "has_more")]`
pub(super) fn parse(list: TokenStream, at: Span, errors: &Diagnostics) -> Option<Paginate> {
    let mark = errors.mark();
    let mut keys = stream::keys(list, "`#[paginate(..)]`", KEYS, errors);
    let way = one_way(&keys, errors);
    if way.is_none() && !errors.failed_since(mark) {
        let message = "what names the next page is missing: write `link`, `next_url = \"next\"`, \
                       `cursor = \"next_cursor\" -> \"cursor\"`, `page` or `offset`";
        errors.error(at, message);
    }
    // Each is read, so that what is wrong with it is told; the first one counts.
    let ways: Vec<_> =
        WAYS.into_iter().filter_map(|key| Some((key, next(&keys.take(key)?, errors)))).collect();
    let first = keys.take("first").and_then(|entry| first(&entry, way, errors));
    let more = keys.take("more").and_then(|entry| more(&entry, way, errors));
    let items = keys.take("items").and_then(|entry| entry.filled("data", errors));
    let (_, next) = ways.into_iter().find(|(key, _)| Some(*key) == way)?;
    Some(Paginate { next: next?, items, more, first })
}

/// The first of the ways that was written; every other one is reported.
fn one_way(keys: &Keys<'_>, errors: &Diagnostics) -> Option<&'static str> {
    let mut ways = keys.entries.iter().filter_map(|entry| {
        let key = WAYS.into_iter().find(|key| entry.name() == *key)?;
        Some((key, entry.key.span()))
    });
    let (first, _) = ways.next()?;
    for (other, span) in ways {
        let message = format!("`{first}` names the next page already: leave `{first}` or `{other}` out");
        errors.error(span, message);
    }
    Some(first)
}

fn next(entry: &Entry, errors: &Diagnostics) -> Option<Next> {
    match entry.name().as_str() {
        "link" => entry.flag(errors).map(|_| Next::Link),
        "next_url" => entry.filled("next", errors).map(Next::Url),
        "cursor" => cursor(entry, errors),
        "page" => parameter(entry, errors).map(Next::Page),
        _ => parameter(entry, errors).map(Next::Offset),
    }
}

/// `page` or `page = "p"`
fn parameter(entry: &Entry, errors: &Diagnostics) -> Option<LitStr> {
    let (key, span) = entry.key();
    match entry.value {
        Value::Flag => Some(LitStr::new(&key, span)),
        Value::Equals(_) | Value::List(_) => entry.filled(&key, errors),
    }
}

/// `cursor = "last_id" -> "after"`
fn cursor(entry: &Entry, errors: &Diagnostics) -> Option<Next> {
    let Value::Equals(tokens) = &entry.value else {
        let message =
            format!("`cursor` goes from a field of the answer to a parameter of the query: {CURSOR}");
        return refused(entry.span(), message, errors);
    };
    let start = first_span(tokens).unwrap_or(entry.key.span());
    let Cursor(field, parameter) = (|input: ParseStream<'_>| Cursor::read(input, start))
        .parse2(tokens.clone())
        .map_err(|error| errors.push(error))
        .ok()?;
    for (text, what) in [(&field, "field"), (&parameter, "parameter")] {
        if text.value().trim().is_empty() {
            errors.error(text.span(), format!("the {what} of a cursor has a name: {CURSOR}"));
        }
    }
    Some(Next::Cursor(field, parameter))
}

/// `"last_id" -> "after"`
struct Cursor(LitStr, LitStr);

impl Cursor {
    /// `start` is where the value begins, should it be empty.
    fn read(input: ParseStream<'_>, start: Span) -> syn::Result<Self> {
        let field: LitStr = input.parse().map_err(|_| {
            syn::Error::new(start, format!("`cursor` starts with a field in quotes: {CURSOR}"))
        })?;
        if let Some((from, to)) = field.value().split_once("->").filter(|_| input.is_empty()) {
            let (from, to) = (from.trim(), to.trim());
            let message =
                format!("field and parameter stand in quotes of their own: write `\"{from}\" -> \"{to}\"`");
            return Err(syn::Error::new(field.span(), message));
        }
        let asks = |span| {
            let name = field.value();
            syn::Error::new(
                span,
                format!("where the cursor goes is missing: write `\"{name}\" -> \"parameter\"`"),
            )
        };
        if input.is_empty() {
            return Err(asks(field.span()));
        }
        let at = input.span();
        input.parse::<Token![->]>().map_err(|_| asks(at))?;
        let at = if input.is_empty() { field.span() } else { input.span() };
        let parameter = input.parse::<LitStr>().map_err(|_| asks(at))?;
        if input.is_empty() {
            Ok(Self(field, parameter))
        } else {
            Err(input.error("a `,` is missing before this"))
        }
    }
}

/// `first = 0`
fn first(entry: &Entry, way: Option<&str>, errors: &Diagnostics) -> Option<u32> {
    let number = entry.integer(&(0..=u32::MAX), errors);
    if let Some(way) = way.filter(|way| !["page", "offset"].contains(way)) {
        let message = format!("`{way}` counts nothing, so there is no first number: leave `first` out");
        return refused(entry.key.span(), message, errors);
    }
    number
}

/// `more = "has_more"`
fn more(entry: &Entry, way: Option<&str>, errors: &Diagnostics) -> Option<LitStr> {
    let field = entry.filled("has_more", errors);
    if way == Some("link") {
        let message = "the header says itself whether there is a next page: leave `more` out";
        return refused(entry.key.span(), message, errors);
    }
    field
}
