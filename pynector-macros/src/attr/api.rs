//! The keys of `#[pynector::api(..)]`.

use proc_macro2::{Ident, TokenStream};
use syn::Path;
use syn::parse::{Parse, ParseStream};

use super::{Closed, Keys, prefix, settings, url};
use crate::diagnostics::Diagnostics;
use crate::model::{Api, BaseUrl};

const KEYS: Closed<'static> = Closed {
    owner: "`#[pynector::api(..)]`",
    keys: &[
        "base_url",
        "client",
        "crate",
        "prefix",
        "headers",
        "timeout",
        "timeouts",
        "retry",
        "breaker",
        "follow_redirects",
        "max_redirects",
        "any_origin",
        "max_body",
        "decompress",
    ],
    elsewhere: &[(&["idempotent"], "a verb such as `#[post(\"/path\", idempotent)]`")],
};

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
    let krate = keys
        .take("crate")
        .and_then(|entry| entry.bare::<CratePath>("a path, as in `crate = my::pynector`", errors));
    Api {
        krate: krate.map_or_else(default_crate, |path| path.0),
        client,
        base_url,
        prefix: keys.take("prefix").and_then(|entry| prefix::parse(&entry, errors)),
        settings: settings::parse(&mut keys, settings::Level::Trait),
    }
}

pub(super) fn default_crate() -> Path {
    syn::parse_quote!(::pynector)
}

/// A path without generic arguments.
pub(super) struct CratePath(pub(super) Path);

impl Parse for CratePath {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        input.call(Path::parse_mod_style).map(Self)
    }
}
