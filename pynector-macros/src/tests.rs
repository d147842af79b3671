//! Tests of whole expansions, outside the compiler.

mod documentation;
mod groups;
mod mistakes;
mod snapshots;
mod streams;

use proc_macro2::TokenStream;

/// Expands `#[api(attr)] item`.
fn expand(attr: &str, item: &str) -> String {
    let tokens = |text: &str| text.parse::<TokenStream>().expect("the test's input is Rust");
    crate::expand::api(tokens(attr), tokens(item)).to_string()
}

/// rustc takes an attribute off a struct only where the derive names it.
#[test]
fn the_derives_name_every_attribute() {
    let source: syn::File = syn::parse_str(include_str!("lib.rs")).expect("our own source");
    for (derive, verbs) in [("Endpoint", true), ("Params", false)] {
        let list = source.items.iter().find_map(|item| match item {
            syn::Item::Fn(item) => {
                let list = item.attrs.iter().find(|attr| attr.path().is_ident("proc_macro_derive"))?;
                let text = quote::quote!(#list).to_string();
                text.contains(derive).then_some(text)
            }
            _ => None,
        });
        let list = list.expect("both derives are there");
        let words: Vec<&str> = list.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        let beside = crate::attr::stream::NAMES.into_iter().chain(["http"]);
        let verbs = crate::attr::verb::VERBS.into_iter().chain(beside).filter(|_| verbs);
        for name in crate::attr::place::PLACES.into_iter().chain(verbs) {
            assert!(words.contains(&name), "`{derive}` does not name `{name}`");
        }
    }
}
