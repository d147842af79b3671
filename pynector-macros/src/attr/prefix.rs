//! The key `prefix` of a trait: a path in front of every path, whose parameters are arguments of the client.

use proc_macro2::Ident;
use syn::LitStr;

use super::Entry;
use crate::diagnostics::Diagnostics;
use crate::model::Prefix;
use crate::{names, template};

/// Reads `prefix = "/v2/{tenant}"`.
///
/// A mistaken one still has its parameters, so that calls of the constructors type-check.
pub(super) fn parse(entry: &Entry, errors: &Diagnostics) -> Option<Prefix> {
    let literal = entry.text("/v2/{tenant}", errors)?;
    let text = literal.value();
    let mark = errors.mark();
    for complaint in complaints(&text) {
        errors.error(literal.span(), complaint);
    }
    let mut params = Vec::new();
    for name in placeholders(&text) {
        match argument(name, &literal) {
            Ok(param) => params.push(param),
            Err(complaint) => errors.error(literal.span(), complaint),
        }
    }
    let text = if errors.failed_since(mark) { "" } else { text.trim_end_matches('/') };
    Some(Prefix { literal: LitStr::new(text, literal.span()), params })
}

/// What is wrong with a prefix, besides the names of its placeholders.
fn complaints(text: &str) -> Vec<String> {
    let bare = text.replace("{{", "").replace("}}", "");
    let complaint = if text.trim_matches('/').is_empty() {
        "the prefix is empty: write for example `prefix = \"/v2\"`, or leave it out"
    } else if text.contains("://") {
        "a prefix is the start of a path: write the rest in `base_url`"
    } else if bare.contains("{*") {
        "a prefix has no greedy placeholder: write `{name}` for each of its segments"
    } else if bare.contains("?}") {
        "a prefix has no optional placeholder, since its values belong to the client: write `{name}`"
    } else if bare.contains('#') {
        "a prefix has no fragment, which would never reach a server: write `%23` for the character"
    } else if bare.contains('?') {
        "a prefix has no query: write it in the path of a verb, or mark a parameter `#[query]`"
    } else {
        return template::parse(text).err().unwrap_or_default();
    };
    vec![complaint.to_owned()]
}

/// The names between braces, each once, as far as they can be told.
fn placeholders(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for part in text.split('{').skip(1) {
        match part.split_once('}') {
            Some((name, _)) if template::is_name(name) && !names.contains(&name) => names.push(name),
            _ => {}
        }
    }
    names
}

/// The argument of the constructors that a placeholder stands for.
fn argument(name: &str, literal: &LitStr) -> Result<Ident, String> {
    if names::HIDDEN.contains(&format!("with_{name}").as_str()) {
        return Err(format!(
            "the client has a method `with_{name}` of its own: give `{{{name}}}` another name"
        ));
    }
    names::argument(name, names::at(literal.span()))
        .ok_or_else(|| format!("no argument can be named `{name}`: give `{{{name}}}` another name"))
}
