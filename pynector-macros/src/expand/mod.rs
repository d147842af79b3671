//! The model → tokens: the trait, its client, and what stands in for mistakes.

mod api;
mod bind;
mod blocking;
mod client;
mod dynamic;
mod error;
mod fallback;
mod mock;
mod settings;
mod twin;

use proc_macro2::TokenStream;
use quote::quote;

use crate::diagnostics::Diagnostics;
use crate::lower;

/// `#[pynector::api(..)]` as a pure function.
pub(crate) fn api(attr: TokenStream, item: TokenStream) -> TokenStream {
    let errors = Diagnostics::new();
    let output = match lower::api(attr, item.clone(), &errors) {
        Ok(read) => {
            let (item, client, implementation) =
                (api::item(&read), client::client(&read), api::implementation(&read));
            let twins = [dynamic::twin(&read), blocking::twin(&read), mock::twin(&read)];
            quote!(#item #client #implementation #(#twins)*)
        }
        Err(error) => {
            errors.push(error);
            fallback::item(item)
        }
    };
    let errors = errors.finish();
    quote!(#output #errors)
}

/// `#[derive(ApiError)]` as a pure function.
pub(crate) fn api_error(item: TokenStream) -> TokenStream {
    let errors = Diagnostics::new();
    let output = match lower::error::error_enum(item, &errors) {
        Ok(read) => error::conversion(&read),
        Err(error) => {
            errors.push(error);
            TokenStream::new()
        }
    };
    let errors = errors.finish();
    quote!(#output #errors)
}
