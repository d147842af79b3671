//! Tests of whole expansions, outside the compiler.

mod groups;
mod mistakes;
mod snapshots;

use proc_macro2::TokenStream;

/// Expands `#[api(attr)] item`.
fn expand(attr: &str, item: &str) -> String {
    let tokens = |text: &str| text.parse::<TokenStream>().expect("the test's input is Rust");
    crate::expand::api(tokens(attr), tokens(item)).to_string()
}
