//! What the derives write: the impl of an endpoint, and that of an argument struct.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::{Attribute, ItemStruct, parse_quote};

use super::{bind, client, stream};
use crate::lower::structs::{EndpointStruct, ParamsStruct};
use crate::lower::{self, named};
use crate::model::Operation;
use crate::names;

// `#[get("/users/{id}", response = User)] struct GetUser { id: u64 }` expands to:
//
//     impl ::pynector::Endpoint for GetUser {
//         const OPERATION: &'static ::pynector::Operation = &::pynector::Operation::get("GetUser", "/users/{id}");
//         type Response = User;
//         type Error = ::pynector::Error;
//         fn bind(&self, call: ::pynector::Call) -> ::pynector::Call { call.path("id", &self.id) }
//     }
pub(super) fn endpoint(read: &EndpointStruct) -> TokenStream {
    let EndpointStruct { item, krate, response, error, operation, .. } = read;
    let ItemStruct { ident, generics, .. } = item;
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    let attrs = attrs(item);
    let (value, links) = match operation {
        Some(operation) => {
            let (links, gives) = (bind::links(operation, krate), gives(read, operation));
            (client::value(operation, krate), quote!(#links #gives))
        }
        // The error stops the build; only the types matter.
        None => (None, TokenStream::new()),
    };
    let name = names::plain(ident);
    let value =
        value.map_or_else(|| quote!(#krate::Operation::get(#name, "/")), client::Value::into_token_stream);
    let response = response.as_ref().map_or_else(|| quote!(()), |ty| quote!(#ty));
    let error = error.as_ref().map_or_else(|| quote!(#krate::Error), |ty| quote!(#ty));
    quote! {
        #(#attrs)*
        #[automatically_derived]
        impl #impl_generics #krate::Endpoint for #ident #type_generics #where_clause {
            const OPERATION: &'static #krate::Operation = &#value;
            type Response = #response;
            type Error = #error;

            fn bind(&self, call: #krate::Call) -> #krate::Call {
                call #links
            }
        }
    }
}

// expands to: .gives_or_none::<Self::Response>()
//
// The statuses that a verb takes for answers ask something of the response, which is reported at it, or at what is said of them.
fn gives(read: &EndpointStruct, operation: &Operation) -> TokenStream {
    let settings = &operation.settings;
    let none_on = settings.none_on.iter().flat_map(|statuses| &statuses.ranges).next();
    let (link, said) = match (&operation.stream, none_on, settings.any_status) {
        (Some(rules), ..) => (stream::gives(rules), rules.at),
        (None, Some(status), _) => ("gives_or_none", status.span),
        (None, None, Some(key)) => ("gives_any_status", key),
        (None, None, None) => return TokenStream::new(),
    };
    let at = read.response_at.unwrap_or(said);
    let link = Ident::new(link, at);
    quote_spanned!(at=> .#link::<Self::Response>())
}

// expands to: impl ::pynector::Params for Page { fn query_names(..) -> ..; fn bind(&self, call: Call) -> Call { .. } }
pub(super) fn params(read: &ParamsStruct) -> TokenStream {
    let ParamsStruct { item, krate, params } = read;
    let ItemStruct { ident, generics, .. } = item;
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    let attrs = attrs(item);
    let params = params.as_deref().unwrap_or_default();
    let names: Vec<_> = params.iter().filter_map(|param| client::query_name(&param.place)).collect();
    let query_names = (!names.is_empty()).then(|| {
        quote! {
            fn query_names(&self) -> &'static [&'static str] {
                &[#(#names),*]
            }
        }
    });
    let links = bind::pathless(params, krate);
    quote! {
        #(#attrs)*
        #[automatically_derived]
        impl #impl_generics #krate::Params for #ident #type_generics #where_clause {
            #query_names

            fn bind(&self, call: #krate::Call) -> #krate::Call {
                call #links
            }
        }
    }
}

/// The lints that are allowed on the struct, and leave to use it, and its fields, where they are deprecated.
fn attrs(item: &ItemStruct) -> Vec<Attribute> {
    let mut attrs = lower::allowed(&item.attrs);
    let all = item.attrs.iter().chain(item.fields.iter().flat_map(|field| &field.attrs));
    if !named(&all.cloned().collect::<Vec<_>>(), &["deprecated"]).is_empty() {
        attrs.push(parse_quote!(#[allow(deprecated)]));
    }
    attrs
}
