//! The keys of `#[pynector::api(..)]`.

use proc_macro2::{Ident, TokenStream};
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{Attribute, Meta, Path};

use super::{Closed, Entry, Keys, Value, prefix, settings, url, value::refused};
use crate::diagnostics::Diagnostics;
use crate::model::{Api, BaseUrl, Mock, Twins};

const KEYS: Closed<'static> = Closed {
    owner: "`#[pynector::api(..)]`",
    keys: &[
        "base_url",
        "client",
        "crate",
        "prefix",
        "dyn",
        "blocking",
        "mock",
        "headers",
        "timeout",
        "timeouts",
        "retry",
        "breaker",
        "rate_limit",
        "max_in_flight",
        "hedge",
        "follow_redirects",
        "max_redirects",
        "any_origin",
        "max_body",
        "compress",
        "decompress",
    ],
    elsewhere: &[
        (&["idempotent"], "a verb such as `#[post(\"/path\", idempotent)]`"),
        (&["idempotency_key"], "a verb such as `#[post(\"/path\", idempotency_key)]`"),
        (&["none_on"], "a verb such as `#[get(\"/path\", none_on(404))]`"),
        (&["any_status"], "a verb such as `#[get(\"/path\", any_status)]`"),
    ],
};

/// Whether pynector has what the blocking twin waits with; nothing that is tested here waits.
const RUNTIME: bool = cfg!(any(feature = "blocking", test));

const NO_RUNTIME: &str = "`blocking` needs the feature of that name: write `pynector = { version = \"..\", features = \
                          [\"blocking\"] }` in Cargo.toml";

/// Reads the attribute of a trait.
pub(crate) fn parse(tokens: TokenStream, errors: &Diagnostics) -> Api {
    let mut keys = Keys::parse(tokens, &KEYS, errors);
    let base_url = keys.take("base_url").map(|entry| {
        let literal = entry.text("https://api.example.com", errors);
        literal.map_or(BaseUrl::Mistaken, |literal| match url::check(&literal.value()) {
            Ok(()) => BaseUrl::Valid(literal),
            Err(complaint) => {
                errors.error(literal.span(), complaint);
                BaseUrl::Mistaken
            }
        })
    });
    let client: Option<Ident> =
        keys.take("client").and_then(|entry| entry.bare("a name, as in `client = GitHubApi`", errors));
    let krate = crate_path(&mut keys, errors);
    Api {
        krate: krate.unwrap_or_else(default_crate),
        client,
        base_url,
        prefix: keys.take("prefix").and_then(|entry| prefix::parse(&entry, errors)),
        twins: twins(&mut keys, RUNTIME, errors),
        settings: settings::parse(&mut keys, settings::Level::Trait),
    }
}

/// `runtime` says whether what the blocking twin waits with is compiled.
fn twins(keys: &mut Keys<'_>, runtime: bool, errors: &Diagnostics) -> Twins {
    let blocking = keys.take("blocking").and_then(|entry| entry.flag(errors));
    if let Some(span) = blocking.filter(|_| !runtime) {
        errors.error(span, NO_RUNTIME);
    }
    Twins {
        dynamic: keys.take("dyn").is_some_and(|entry| entry.flag(errors).is_some()),
        blocking: blocking.is_some() && runtime,
        mock: keys.take("mock").and_then(|entry| mock(&entry, errors)),
    }
}

/// `mock` or `mock = always`.
fn mock(entry: &Entry, errors: &Diagnostics) -> Option<Mock> {
    match &entry.value {
        Value::Flag => Some(Mock::InTests),
        Value::Equals(_) if entry.bare_word().is_some_and(|word| word == "always") => Some(Mock::Always),
        Value::Equals(_) | Value::List(_) => {
            errors.error(entry.span(), "write `mock`, or `mock = always` to have it outside tests too");
            None
        }
    }
}

/// `crate = path`
pub(crate) fn crate_path(keys: &mut Keys<'_>, errors: &Diagnostics) -> Option<Path> {
    let entry = keys.take("crate")?;
    entry.bare::<CratePath>("a path, as in `crate = my::pynector`", errors).map(|path| path.0)
}

/// Where pynector is unless somebody says otherwise.
pub(crate) fn default_crate() -> Path {
    syn::parse_quote!(::pynector)
}

/// The one key of `#[params(crate = path)]` above an argument struct.
pub(crate) fn params_crate(attr: &Attribute, errors: &Diagnostics) -> Option<Path> {
    let closed = Closed { owner: "`#[params(..)]` above a struct", keys: &["crate"], elsewhere: &[] };
    match &attr.meta {
        Meta::List(list) => crate_path(&mut Keys::parse(list.tokens.clone(), &closed, errors), errors),
        Meta::Path(path) => refused(path.span(), PARAMS_CRATE, errors),
        Meta::NameValue(value) => refused(value.path.span(), PARAMS_CRATE, errors),
    }
}

const PARAMS_CRATE: &str = "above a struct, `#[params]` says where pynector is: write `#[params(crate = my::pynector)]`, or leave it out";

/// A path without generic arguments.
pub(super) struct CratePath(pub(super) Path);

impl Parse for CratePath {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        input.call(Path::parse_mod_style).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::{Diagnostics, KEYS, Keys, twins};

    #[test]
    fn the_key_blocking_needs_its_feature() {
        for (runtime, errors_expected) in [(true, 0), (false, 1)] {
            let errors = Diagnostics::new();
            let mut keys = Keys::parse(quote::quote!(dyn, blocking, mock), &KEYS, &errors);
            let twins = twins(&mut keys, runtime, &errors);
            assert!(twins.dynamic && twins.mock.is_some());
            assert_eq!(twins.blocking, runtime);
            let text = errors.finish().to_string();
            assert_eq!(text.matches("compile_error").count(), errors_expected, "{text}");
            assert_eq!(text.contains("features = [\\\"blocking\\\"]"), !runtime, "{text}");
        }
    }
}
