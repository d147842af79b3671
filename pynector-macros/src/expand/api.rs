//! The trait as the user will see it, and its implementation by the client.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Index, ReceiverKind, TraitItem, TraitItemType, parse_quote};

use super::{bind, fallback, stream};
use crate::lower::{self, ApiTrait, Method, named};
use crate::model::Operation;

// `trait GitHub { #[get("/x")] async fn x(&self) -> R; }` expands to:
//
//     trait GitHub: Send + Sync { fn x(&self) -> impl Future<Output = R> + Send; }
pub(super) fn item(read: &ApiTrait) -> TokenStream {
    let mut item = read.item.clone();
    item.colon_token = Some(parse_quote!(:));
    item.supertraits.push(parse_quote!(::core::marker::Send));
    item.supertraits.push(parse_quote!(::core::marker::Sync));
    item.items.iter_mut().for_each(fallback::mend);
    item.items.iter_mut().for_each(without_type);
    quote!(#item)
}

/// What an associated type is, is said by the client: a trait cannot say it (defaults of associated types are unstable).
fn without_type(item: &mut TraitItem) {
    if let TraitItem::Type(item) = item {
        item.default = None;
    }
}

// expands to:
//
//     impl GitHub for GitHubClient {
//         fn x(&self) -> impl Future<Output = R> + Send { self.0.call(Self::X).outcome() }
//     }
pub(super) fn implementation(read: &ApiTrait) -> TokenStream {
    let ApiTrait { api, client, methods, .. } = read;
    implement(read, &quote!(#client), methods.iter().map(|method| self::method(method, &api.krate)))
}

/// An impl of the trait for the client or a twin, with the associated types that all of them share.
pub(super) fn implement(
    read: &ApiTrait,
    implementor: &TokenStream,
    methods: impl Iterator<Item = TokenStream>,
) -> TokenStream {
    let item = &read.item;
    let name = &item.ident;
    let (impl_generics, type_generics, where_clause) = item.generics.split_for_impl();
    let attrs = impl_attrs(read);
    let types = item.items.iter().filter_map(|item| match item {
        TraitItem::Type(item) => Some(associated_type(item)),
        _ => None,
    });
    quote! {
        #(#attrs)*
        #[automatically_derived]
        impl #impl_generics #name #type_generics for #implementor #where_clause {
            #(#types)*
            #(#methods)*
        }
    }
}

// `type Item: Debug = Issue;` expands to: type Item = Issue;
//
// One without a type was reported; any type stands in for it.
fn associated_type(item: &TraitItemType) -> TokenStream {
    let name = &item.ident;
    let attrs = named(&item.attrs, &["cfg"]);
    let ty = item.default.as_ref().map_or_else(|| quote!(()), |(_, ty)| quote!(#ty));
    let (generics, _, where_clause) = item.generics.split_for_impl();
    quote!(#(#attrs)* type #name #generics = #ty #where_clause;)
}

/// What the impls take over from the trait: its `cfg`, and leave to use it where it is deprecated.
pub(super) fn impl_attrs(read: &ApiTrait) -> Vec<syn::Attribute> {
    let mut attrs = named(&read.item.attrs, &["cfg"]);
    attrs.extend(lower::allowed(&read.item.attrs));
    if !named(&read.item.attrs, &["deprecated"]).is_empty() {
        attrs.push(parse_quote!(#[allow(deprecated)]));
    }
    attrs
}

fn method(method: &Method, krate: &syn::Path) -> TokenStream {
    let Method { signature, cfg, lints, constant, output, operation } = method;
    let Some(operation) = operation else { return fallback::method(method) };
    let receiver =
        signature.receiver().filter(|receiver| matches!(receiver.kind, ReceiverKind::Reference(..)));
    let Some(this) = receiver.map(|receiver| &receiver.self_token) else { return fallback::method(method) };
    let links = bind::links(operation, krate);
    let outcome = Ident::new(outcome(operation), *output);
    let transport = Index::from(0);
    quote! {
        #(#cfg)*
        #(#lints)*
        #signature {
            #this.#transport.call(Self::#constant)#links.#outcome()
        }
    }
}

/// The last link, which stands at the return type, where its bounds are reported.
fn outcome(operation: &Operation) -> &'static str {
    if let Some(rules) = &operation.stream {
        return stream::outcome(rules);
    }
    let settings = &operation.settings;
    match (&settings.none_on, settings.any_status) {
        (Some(_), _) => "outcome_or_none",
        (None, Some(_)) => "outcome_of_any_status",
        (None, None) => "outcome",
    }
}
