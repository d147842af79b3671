//! The names that generated code uses: the path of the crate, constants, clients.

use proc_macro2::{Ident, Span};
use quote::format_ident;
use syn::ext::IdentExt;

/// Methods of every generated client, which would hide a trait method of the same name.
pub(crate) const HIDDEN: [&str; 4] = ["transport", "with_options", "to_request", "clone"];

/// Constants that a client has besides one for each operation.
const TAKEN: [&str; 2] = ["OPERATIONS", "API"];

/// What generated code and messages call an identifier: without `r#`.
pub(crate) fn plain(ident: &Ident) -> String {
    ident.unraw().to_string()
}

/// `GitHub` → `GitHubClient`.
pub(crate) fn client(api: &Ident) -> Ident {
    format_ident!("{}Client", api.unraw(), span = api.span())
}

/// Hands out the constants' names: `open_issue` → `OPEN_ISSUE`, and never one name twice.
pub(crate) struct Constants {
    taken: Vec<String>,
}

impl Constants {
    pub(crate) fn new() -> Self {
        Self { taken: TAKEN.map(str::to_owned).to_vec() }
    }

    pub(crate) fn name(&mut self, method: &Ident) -> Ident {
        let mut name = plain(method).to_uppercase();
        while self.taken.contains(&name) {
            name.push('_');
        }
        self.taken.push(name.clone());
        Ident::new(&name, method.span())
    }
}

/// A place in the user's source, with names resolved as the macro's own.
///
/// Errors of rustc point there; lints still see generated code.
pub(crate) fn at(span: Span) -> Span {
    Span::call_site().located_at(span)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_never_collide() {
        let mut constants = Constants::new();
        let mut name = |method: &str| {
            constants
                .name(&syn::parse_str(method).unwrap_or_else(|_| format_ident!("r#{method}")))
                .to_string()
        };
        assert_eq!(name("open_issue"), "OPEN_ISSUE");
        assert_eq!(name("r#type"), "TYPE");
        assert_eq!(name("operations"), "OPERATIONS_");
        assert_eq!(name("api"), "API_");
        assert_eq!(name("OPEN_issue"), "OPEN_ISSUE_");
    }
}
