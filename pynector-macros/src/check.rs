//! Rules over more than one thing: parameters and the template, places, bodies; settings and their opposites below.

pub(crate) mod body;
pub(crate) mod groups;
pub(crate) mod params;
pub(crate) mod repetition;
pub(crate) mod settings;
pub(crate) mod statuses;
mod stream;
mod url;

use crate::diagnostics::Diagnostics;
use crate::model::{Operation, Param, Place, Query, Template};
use crate::{names, suggest};

/// Checks one operation.
pub(crate) fn operation(operation: &Operation, errors: &Diagnostics) {
    if let Some(template) = &operation.template {
        path(operation, template, errors);
    }
    url::check(operation, errors);
    places(operation, errors);
    cookies(operation, errors);
    body::check(operation, errors);
    repetition::check(operation, errors);
    settings::check(&operation.settings, errors);
    stream::check(operation, errors);
}

/// Every name in the path has its parameter, and the other way round.
///
/// One slip is one error: a name and a parameter that were meant for each other are told together.
fn path(operation: &Operation, template: &Template, errors: &Diagnostics) {
    let filled = |name: &String| operation.params.iter().any(|param| fills(param, name));
    let mut missing: Vec<&String> = template.names.iter().filter(|name| !filled(name)).collect();
    for param in &operation.params {
        let (Place::Implicit(name) | Place::Path { name, .. }) = &param.place else { continue };
        if template.names.contains(name) {
            continue;
        }
        let explicit = matches!(param.place, Place::Path { .. });
        let message = match missing.iter().position(|other| suggest::related(name, other)) {
            Some(at) => {
                let meant = missing.remove(at);
                format!(
                    "the path has no `{{{name}}}`: did you mean `{{{meant}}}`? {}",
                    rename(explicit, meant)
                )
            }
            None if operation.pathless.is_some() => url::without_path(name, explicit),
            None if explicit => {
                format!("the path has no `{{{name}}}`: write it there, or leave `#[path_param]` out")
            }
            None => format!(
                "`{name}` has no place: write `{{{name}}}` in the path, or mark the parameter `#[query]`, \
                 `#[header(\"..\")]`, `#[headers]`, `#[cookie]`, `#[bearer]`, `#[basic]`, `#[json]`, `#[json_field]`, \
                 `#[form]`, `#[body]`, `#[multipart]`, `#[part]` or `#[call_options]`"
            ),
        };
        errors.error(param.at, message);
    }
    if !operation.complete {
        return;
    }
    for name in missing {
        let message = format!("`{{{name}}}` in the path has no parameter: add one with the name `{name}`");
        errors.error(template.literal.span(), message);
    }
}

fn rename(explicit: bool, meant: &str) -> String {
    if explicit {
        format!("Write `#[path_param(\"{meant}\")]`")
    } else {
        format!("Give both one name, or write `#[path_param(\"{meant}\")]`")
    }
}

/// Whether `param` is, or was meant to be, the value of `{name}`.
fn fills(param: &Param, name: &str) -> bool {
    match &param.place {
        Place::Implicit(place) | Place::Path { name: place, .. } => place == name,
        Place::Mistaken => names::plain(&param.ident) == name,
        _ => false,
    }
}

/// No two parameters go to one place.
fn places(operation: &Operation, errors: &Diagnostics) {
    for (at, param) in operation.params.iter().enumerate() {
        if let Some(message) = taken(&operation.params, at) {
            errors.error(param.at, message);
        }
    }
}

/// The message for a parameter that goes where an earlier one goes.
fn taken(params: &[Param], at: usize) -> Option<String> {
    let (place, message) = exclusive(&params.get(at)?.place)?;
    let mut before = params.iter().take(at).filter_map(|param| exclusive(&param.place));
    before.any(|(taken, _)| taken == place).then_some(message)
}

/// What a parameter takes for itself, and the message for the next one that wants it.
fn exclusive(place: &Place) -> Option<(String, String)> {
    let authorization =
        "a request has one `authorization` header, which another parameter sets already: leave one out";
    match place {
        Place::Implicit(name) | Place::Path { name, .. } => Some((
            format!("{{{name}}}"),
            format!("another parameter fills `{{{name}}}` already: leave one out"),
        )),
        Place::Query(Query { name, .. }) => {
            let message = format!(
                "the query has a parameter `{name}` already: write `#[query(\"..\")]` with another name"
            );
            Some((format!("?{name}"), message))
        }
        Place::Bearer | Place::Basic => Some(("authorization".to_owned(), authorization.to_owned())),
        Place::Header { name, .. } if name == "authorization" => {
            Some((name.clone(), authorization.to_owned()))
        }
        Place::Cookie(name) => {
            let message = format!(
                "another parameter is the cookie `{name}` already: write `#[cookie(\"..\")]` with another name"
            );
            Some((format!("cookie={name}"), message))
        }
        Place::Header { name, .. } => {
            Some((name.clone(), format!("another parameter sets the header `{name}` already: leave one out")))
        }
        Place::JsonField(name) | Place::Form(name) | Place::Part(name) => {
            let attribute = place.body()?;
            Some((format!("{attribute} {name}"), body::doubled(attribute, name)))
        }
        Place::Url => Some((
            "url".to_owned(),
            "a request has one URL, which another parameter is already: leave one out".to_owned(),
        )),
        Place::CallOptions => Some((
            "options".to_owned(),
            "a call has its options from another parameter already: leave one out".to_owned(),
        )),
        // The fields of an argument struct are checked where they stand; what they add is not known here.
        // Two maps may stand side by side; what both name is sent twice.
        Place::Headers | Place::Json | Place::Body | Place::Multipart | Place::Params | Place::Mistaken => {
            None
        }
    }
}

/// Cookies are one header, which no other parameter can set.
fn cookies(operation: &Operation, errors: &Diagnostics) {
    if !operation.params.iter().any(|param| matches!(param.place, Place::Cookie(_))) {
        return;
    }
    let whole = |place: &Place| matches!(place, Place::Header { name, .. } if name == "cookie");
    for param in operation.params.iter().filter(|param| whole(&param.place)) {
        let message =
            "`#[cookie]` writes the `cookie` header already: mark this one `#[cookie]` too, or leave it out";
        errors.error(param.at, message);
    }
}
