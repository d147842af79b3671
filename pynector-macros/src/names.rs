//! The names that generated code uses: clients, twins, arguments.

use proc_macro2::{Ident, Span};
use quote::format_ident;
use syn::ext::IdentExt;

/// Methods of every generated client, which would hide a trait method of the same name.
pub(crate) const HIDDEN: [&str; 5] = ["transport", "with_options", "to_request", "clone", "__call"];

/// Functions of every blocking twin beside those of the trait.
pub(crate) const OF_BLOCKING: [&str; 5] = ["new", "at", "from_client", "client", "runtime"];

/// Functions of every mock beside two for each method; `new` is no method and hides none.
pub(crate) const OF_MOCK: [&str; 2] = ["times", "verify"];

/// Methods that every client has by the standard prelude, and the traits they come from: `Into` is found first, the others
/// make a call ambiguous.
const PRELUDE: [(&str, &str); 4] =
    [("into", "Into"), ("try_into", "TryInto"), ("to_owned", "ToOwned"), ("clone_into", "ToOwned")];

/// Why nobody could call a trait method of this name on a client, if that is so.
pub(crate) fn hidden(method: &str, prefix: &[Ident]) -> Option<String> {
    if let Some((_, owner)) = PRELUDE.iter().find(|(name, _)| *name == method) {
        return Some(format!(
            "every value has a method `{method}` by `{owner}`, which hides this one: rename it"
        ));
    }
    let with_param = prefix.iter().any(|param| with(param) == method);
    (with_param || HIDDEN.contains(&method))
        .then(|| format!("the client has a method `{method}` of its own, which hides this one: rename it"))
}

/// `tenant` → `with_tenant`, the method that changes a parameter of the prefix.
pub(crate) fn with(param: &Ident) -> Ident {
    format_ident!("with_{}", param.unraw(), span = param.span())
}

/// What generated code and messages call an identifier: without `r#`.
///
/// `unraw` would make a second identifier, each time.
pub(crate) fn plain(ident: &Ident) -> String {
    let name = ident.to_string();
    name.strip_prefix("r#").map(str::to_owned).unwrap_or(name)
}

/// `GitHub` → `GitHubClient`.
pub(crate) fn client(api: &Ident) -> Ident {
    format_ident!("{}Client", api.unraw(), span = api.span())
}

/// `GitHub` → `DynGitHub`.
pub(crate) fn dynamic(api: &Ident) -> Ident {
    format_ident!("Dyn{}", api.unraw(), span = api.span())
}

/// `GitHub` → `__DynGitHub`, which nobody else names.
pub(crate) fn companion(api: &Ident) -> Ident {
    format_ident!("__Dyn{}", api.unraw(), span = api.span())
}

/// `issues` → `__dyn_issues`, which a call of `issues` cannot mean.
pub(crate) fn companion_method(method: &Ident) -> Ident {
    format_ident!("__dyn_{}", method.unraw(), span = method.span())
}

/// `GitHub` → `GitHubBlocking`.
pub(crate) fn blocking(api: &Ident) -> Ident {
    format_ident!("{}Blocking", api.unraw(), span = api.span())
}

/// `GitHub` → `GitHubMock`.
pub(crate) fn mock(api: &Ident) -> Ident {
    format_ident!("{}Mock", api.unraw(), span = api.span())
}

/// `issues` → `expect_issues`.
pub(crate) fn expect(method: &Ident) -> Ident {
    format_ident!("expect_{}", method.unraw(), span = method.span())
}

/// `issues` → `issues_calls`.
pub(crate) fn calls(method: &Ident) -> Ident {
    format_ident!("{}_calls", method.unraw(), span = method.span())
}

/// `tenant`, and `r#type` for a keyword; `None` if no argument can have that name.
pub(crate) fn argument(name: &str, span: Span) -> Option<Ident> {
    if ["self", "Self", "super", "crate", "_"].contains(&name) {
        return None;
    }
    // `gen` is reserved since edition 2024, in which this crate's own identifiers are read.
    let plain = name != "gen" && syn::parse_str::<Ident>(name).is_ok();
    Some(if plain { Ident::new(name, span) } else { Ident::new_raw(name, span) })
}

/// A place in the user's source, with names resolved as the macro's own.
///
/// Errors of rustc point there; lints still see generated code.
pub(crate) fn at(span: Span) -> Span {
    Span::call_site().located_at(span)
}
