//! The attributes beside a verb: `#[paginate(..)]`, `#[events(..)]`, `#[lines(..)]`, of which a request has one.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{Attribute, LitStr, Meta};

use super::value::refused;
use super::{Closed, Entry, Keys, first_span, paginate, verb};
use crate::diagnostics::Diagnostics;
use crate::model::{Events, Lines, Rules, Stream};
use crate::{names, suggest};

/// The attributes, and the simplest form of each.
const STREAMS: [(&str, &str); 3] =
    [("paginate", "#[paginate(link)]"), ("events", "#[events]"), ("lines", "#[lines]")];

/// Their names.
pub(crate) const NAMES: [&str; 3] = ["paginate", "events", "lines"];

/// Whether an attribute is one of them.
pub(crate) fn is_one(attr: &Attribute) -> bool {
    attr.path().get_ident().is_some_and(|ident| NAMES.contains(&names::plain(ident).as_str()))
}

/// Which one a misspelled one was meant to be. It starts with one of our keys; what does not may be another macro.
pub(crate) fn slip(attr: &Attribute) -> Option<(&Ident, &'static str)> {
    let Meta::List(list) = &attr.meta else { return None };
    let ident = attr.path().get_ident().filter(|_| !is_one(attr))?;
    let Some(TokenTree::Ident(key)) = list.tokens.clone().into_iter().next() else { return None };
    let key = names::plain(&key);
    let ours = [paginate::KEYS, EVENTS, LINES].concat().contains(&key.as_str());
    let meant = suggest::closest(&names::plain(ident), NAMES)?;
    ours.then_some((ident, meant))
}

/// Reports a misspelled one.
pub(crate) fn refuse(attr: &Attribute, errors: &Diagnostics) {
    if let Some((ident, meant)) = slip(attr) {
        errors.error(
            ident.span(),
            format!("`#[{ident}(..)]` means nothing here: did you mean `#[{meant}(..)]`?"),
        );
    }
}

/// Reports them where there is no request.
pub(crate) fn misplaced(attrs: &[Attribute], why: &str, errors: &Diagnostics) {
    for ident in attrs.iter().filter(|attr| is_one(attr)).filter_map(|attr| attr.path().get_ident()) {
        errors.error(ident.span(), format!("`#[{ident}]` says how the answer to a request is read: {why}"));
    }
}

/// Reads what stands beside one verb.
pub(crate) fn parse(attrs: &[Attribute], errors: &Diagnostics) -> Option<Stream> {
    let mut streams = attrs.iter().filter(|attr| is_one(attr));
    let first = streams.next()?;
    let ident = first.path().get_ident()?;
    for other in streams.filter_map(|attr| attr.path().get_ident()) {
        let message = if other == ident {
            format!("`#[{ident}]` stands here twice: write it once")
        } else {
            format!(
                "an answer is read in one way, and `#[{ident}]` says it already: leave one of the two out"
            )
        };
        errors.error(other.span(), message);
    }
    let list = list(first, ident, errors)?;
    let at = ident.span();
    let rules = match names::plain(ident).as_str() {
        "paginate" => Rules::Pages(paginate::parse(list, at, errors)?),
        "events" => Rules::Events(events(list, errors)),
        _ => Rules::Lines(lines(list, errors)),
    };
    Some(Stream { at, rules })
}

/// What stands in the parentheses, which may be left out.
fn list(attr: &Attribute, ident: &Ident, errors: &Diagnostics) -> Option<TokenStream> {
    match &attr.meta {
        Meta::Path(_) => Some(TokenStream::new()),
        Meta::List(list) => Some(list.tokens.clone()),
        Meta::NameValue(pair) => {
            let name = names::plain(ident);
            let form = STREAMS.iter().find(|(known, _)| *known == name).map_or("", |(_, form)| form);
            let span = first_span(&pair.value.to_token_stream()).unwrap_or(ident.span());
            refused(span, format!("`#[{name}]` has its keys in parentheses: write `{form}`"), errors)
        }
    }
}

/// The keys of one of the attributes; those of the others, and those of a verb, are known to belong there.
pub(super) fn keys<'a>(list: TokenStream, owner: &str, keys: &[&str], errors: &'a Diagnostics) -> Keys<'a> {
    let elsewhere = [
        (paginate::KEYS, "`#[paginate(..)]`"),
        (EVENTS, "`#[events(..)]`"),
        (LINES, "`#[lines(..)]`"),
        (verb::KEYS, "the verb, behind its path"),
    ];
    Keys::parse(list, &Closed { owner, keys, elsewhere: &elsewhere }, errors)
}

const EVENTS: &[&str] = &["until", "reconnect", "heartbeat"];

/// `#[events(until = "[DONE]", reconnect, heartbeat = "30s")]`
fn events(list: TokenStream, errors: &Diagnostics) -> Events {
    let mut keys = keys(list, "`#[events(..)]`", EVENTS, errors);
    Events {
        until: keys.take("until").and_then(|entry| entry.filled("[DONE]", errors)),
        reconnect: keys.take("reconnect").is_some_and(|entry| entry.flag(errors).is_some()),
        heartbeat: keys.take("heartbeat").and_then(|entry| entry.clock(errors)),
    }
}

const LINES: &[&str] = &["skip_bad", "max_line"];

/// `#[lines(skip_bad, max_line = "1MiB")]`
fn lines(list: TokenStream, errors: &Diagnostics) -> Lines {
    let mut keys = keys(list, "`#[lines(..)]`", LINES, errors);
    Lines {
        skip_bad: keys.take("skip_bad").is_some_and(|entry| entry.flag(errors).is_some()),
        max_line: keys.take("max_line").and_then(|entry| entry.size(errors)),
    }
}

impl Entry {
    /// `key = "text"`, and something in the quotes.
    pub(super) fn filled(&self, example: &str, errors: &Diagnostics) -> Option<LitStr> {
        let text = self.text(example, errors)?;
        if text.value().trim().is_empty() {
            let key = self.name();
            let message =
                format!("nothing stands in the quotes of `{key}`: write for example `{key} = \"{example}\"`");
            return refused(text.span(), message, errors);
        }
        Some(text)
    }
}
