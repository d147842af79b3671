//! The attributes of a method: `#[get("/path", ..)]` and its siblings, `#[http("QUERY", "/path", ..)]`.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::{Attribute, Lit, LitStr, Meta};

use super::place::PLACES;
use super::value::refused;
use super::{Closed, Keys, api, header, idempotency, settings, split, starts_with_text, stream};
use crate::diagnostics::Diagnostics;
use crate::model::{IdempotencyKey, Method, Pathless, Promise, Settings, Stream, Template};
use crate::template::{self, Names};
use crate::{names, suggest};

/// The verbs that have an attribute of their own.
pub(crate) const VERBS: [&str; 7] = ["get", "post", "put", "patch", "delete", "head", "options"];

pub(super) const KEYS: &[&str] = &[
    "headers",
    "timeout",
    "timeouts",
    "retry",
    "breaker",
    "rate_limit",
    "max_in_flight",
    "hedge",
    "idempotent",
    "idempotency_key",
    "follow_redirects",
    "max_redirects",
    "any_origin",
    "max_body",
    "compress",
    "decompress",
    "none_on",
    "any_status",
];
/// What is an attribute of its own.
const BESIDE: [(&[&str], &str); 3] = [
    (&["paginate"], "an attribute of its own, `#[paginate(..)]`"),
    (&["events"], "an attribute of its own, `#[events(..)]`"),
    (&["lines"], "an attribute of its own, `#[lines(..)]`"),
];

const TRAIT_KEYS: &[&str] = &["base_url", "client", "crate", "prefix", "dyn", "blocking", "mock"];

/// Keys of a verb above a struct, beside those of every verb.
const STRUCT_KEYS: &[&str] = &["response", "error", "crate"];

/// What a verb attribute stands above.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Above {
    Method,
    Struct,
}

/// What one verb attribute says.
pub(crate) struct Verb {
    pub(crate) promise: Promise,
    pub(crate) method: Method,
    pub(crate) template: Option<Template>,
    pub(crate) pathless: Option<Pathless>,
    pub(crate) idempotent: Option<Span>,
    pub(crate) idempotency_key: Option<IdempotencyKey>,
    pub(crate) settings: Settings,
    pub(crate) stream: Option<Stream>,
}

/// How an attribute of a method relates to the verbs.
pub(crate) enum Kinship {
    Verb,
    /// Misspelled; the verb that was meant.
    Slip(&'static str),
    /// The place of a parameter.
    Place,
    /// Not like any verb, but it starts with text, as verbs do.
    Lookalike,
    Stranger,
}

/// Whether an attribute is a verb, or was meant to be one.
pub(crate) fn kinship(attr: &Attribute) -> Kinship {
    let Some(ident) = attr.path().get_ident() else { return Kinship::Stranger };
    let name = names::plain(ident);
    if VERBS.contains(&name.as_str()) || name == "http" {
        return Kinship::Verb;
    }
    if PLACES.contains(&name.as_str()) {
        return Kinship::Place;
    }
    // Only a list that starts with text looks like a verb; `#[test]` and `#[path = ".."]` do not.
    let list = matches!(&attr.meta, Meta::List(list) if starts_with_text(&list.tokens));
    match suggest::closest(&name, VERBS) {
        Some(verb) if list => Kinship::Slip(verb),
        None if list => Kinship::Lookalike,
        _ => Kinship::Stranger,
    }
}

/// Reads a verb attribute, and the others of ours `beside` it.
pub(crate) fn parse(attr: &Attribute, beside: &[Attribute], above: Above, errors: &Diagnostics) -> Verb {
    let name = attr.path().get_ident().map(names::plain).unwrap_or_default();
    let span = attr.path().get_ident().map_or_else(Span::call_site, syn::Ident::span);
    let mut arguments = match &attr.meta {
        Meta::List(list) => split(list.tokens.clone()),
        Meta::Path(_) | Meta::NameValue(_) => Vec::new(),
    };
    arguments.reverse();
    let example = if name == "http" {
        "#[http(\"QUERY\", \"/path\")]".to_owned()
    } else {
        format!("#[{name}(\"/path\")]")
    };
    let method = if name == "http" {
        let token = text(&mut arguments);
        if token.is_none() {
            errors.error(span, format!("the method and the path are missing: write `{example}`"));
            arguments.clear();
        }
        token.map_or(Method::Mistaken, |token| other_method(token, errors))
    } else {
        Method::Verb(name.clone())
    };
    let path = text(&mut arguments).or_else(|| late_text(&mut arguments, errors));
    let without_path = path.is_none() && !(name == "http" && matches!(method, Method::Mistaken));
    arguments.reverse();
    let rest = arguments.into_iter().map(|part| quote::quote!(#part,)).collect();
    let mut keys = keys(rest, above, &name, errors);
    Verb {
        promise: promise(&mut keys, errors),
        method,
        pathless: without_path.then_some(Pathless { at: span, example }),
        template: path.and_then(|literal| read_template(literal, errors)),
        idempotent: keys.take("idempotent").and_then(|entry| entry.flag(errors)),
        idempotency_key: keys.take("idempotency_key").and_then(|entry| idempotency::parse(&entry, errors)),
        settings: settings::parse(&mut keys, settings::Level::Verb),
        stream: stream::parse(beside, errors),
    }
}

/// The keys of a verb, by what it stands above.
fn keys<'a>(rest: TokenStream, above: Above, name: &str, errors: &'a Diagnostics) -> Keys<'a> {
    let owner = &format!("`#[{name}(..)]`");
    let (keys, mut elsewhere): (_, Vec<(&[&str], &str)>) = match above {
        Above::Method => (
            KEYS.to_vec(),
            vec![
                (TRAIT_KEYS, "`#[pynector::api(..)]`"),
                (&["response", "error"], "the return type of the method, as `Result<Response, Error>`"),
            ],
        ),
        Above::Struct => {
            ([KEYS, STRUCT_KEYS].concat(), vec![(&["base_url"], "`HttpTransport::builder(..)`")])
        }
    };
    elsewhere.extend(BESIDE);
    Keys::parse(rest, &Closed { owner, keys: &keys, elsewhere: &elsewhere }, errors)
}

/// A verb above a method has none of these keys.
fn promise(keys: &mut Keys<'_>, errors: &Diagnostics) -> Promise {
    Promise {
        krate: api::crate_path(keys, errors),
        response: keys
            .take("response")
            .and_then(|entry| entry.bare("a type, as in `response = Order`", errors)),
        error: keys.take("error").and_then(|entry| entry.bare("a type, as in `error = OrderError`", errors)),
    }
}

/// Takes the last of `arguments`, if it is text.
fn text(arguments: &mut Vec<TokenStream>) -> Option<LitStr> {
    let mut tokens = arguments.last()?.clone().into_iter();
    let (Some(TokenTree::Literal(literal)), None) = (tokens.next(), tokens.next()) else { return None };
    let Lit::Str(text) = Lit::new(literal) else { return None };
    arguments.pop();
    Some(text)
}

/// Takes a path that stands behind the keys, and reports that.
fn late_text(arguments: &mut Vec<TokenStream>, errors: &Diagnostics) -> Option<LitStr> {
    let at = arguments.iter().position(|part| syn::parse2::<LitStr>(part.clone()).is_ok())?;
    let path = syn::parse2::<LitStr>(arguments.remove(at)).ok()?;
    errors.error(path.span(), "the path comes first: write it before the keys");
    Some(path)
}

fn other_method(token: LitStr, errors: &Diagnostics) -> Method {
    match header::method(&token.value()) {
        Ok(()) => Method::Other(token),
        Err(complaint) => {
            errors.error(token.span(), complaint);
            Method::Mistaken
        }
    }
}

fn read_template(literal: LitStr, errors: &Diagnostics) -> Option<Template> {
    match template::parse(&literal.value()) {
        Ok(Names { all: names, optional, .. }) => Some(Template { literal, names, optional }),
        Err(complaints) => {
            for complaint in complaints {
                errors.error(literal.span(), complaint);
            }
            None
        }
    }
}

/// Reports an attribute that was meant to be a verb.
pub(crate) fn refuse(attr: &Attribute, errors: &Diagnostics) {
    let Some(ident) = attr.path().get_ident() else { return };
    let verbs = suggest::list(VERBS);
    let message = match kinship(attr) {
        Kinship::Slip(meant) => {
            format!("`{ident}` is not a verb: did you mean `{meant}`? The verbs are {verbs}, `http`")
        }
        Kinship::Place if ident == "header" || ident == "headers" => format!(
            "`#[{ident}]` stands on a parameter: for a fixed header write `headers(\"name\" = \"value\")` in the verb"
        ),
        Kinship::Place => format!("`#[{ident}]` stands on a parameter, not on the method: write it there"),
        _ => {
            let method = ident.to_string().to_uppercase();
            format!("`{ident}` is not a verb: write `#[http(\"{method}\", ..)]`, or one of {verbs}")
        }
    };
    refused::<()>(ident.span(), message, errors);
}
