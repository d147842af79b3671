//! The trait as the user will see it, and its implementation by the client.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt as _, quote};
use syn::{ItemTrait, Path, ReceiverKind, Signature, Token, TraitItem, TraitItemType, parse_quote};

use super::client::Before;
use super::{bind, fallback, stream};
use crate::lower::{self, Answer, ApiTrait, Method, named};
use crate::model::Operation;

// `trait GitHub { #[get("/x")] async fn x(&self) -> R; }` expands to:
//
//     trait GitHub: Send + Sync { fn x(&self) -> impl Future<Output = R> + Send; }
pub(super) fn item(mut item: ItemTrait) -> TokenStream {
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
//         fn x(&self) -> ResponseFuture<R> { self.__call(0).outcome() }
//     }
pub(super) fn implementation(read: &ApiTrait) -> TokenStream {
    let ApiTrait { api, client, methods, .. } = read;
    let mut before = Before::default();
    let krate = &api.krate;
    let future: Vec<TokenTree> = quote!(-> #krate::ResponseFuture<).into_iter().collect();
    let methods =
        methods.iter().map(|method| OfClient { method, before: before.put(method), future: &future, krate });
    let implementation = implement(read, &quote!(#client), methods);
    // The trait says of the future what a fake can hold; the client says which one it is.
    quote!(#[allow(refining_impl_trait)] #implementation)
}

/// An impl of the trait for the client or a twin, with the associated types that all of them share.
pub(super) fn implement(
    read: &ApiTrait,
    implementor: &TokenStream,
    methods: impl Iterator<Item = impl ToTokens>,
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

/// A method of the client.
struct OfClient<'a> {
    method: &'a Method,
    before: Before,
    /// What stands before the answer, made once.
    future: &'a [TokenTree],
    krate: &'a Path,
}

impl ToTokens for OfClient<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Method { signature, inputs, cfg, lints, is_named, .. } = self.method;
        let Some(body) = self.body() else { return fallback::method(self.method).to_tokens(tokens) };
        let Signature { fn_token, ident, generics, output, .. } = signature;
        tokens.append_all(cfg.iter().chain(lints));
        fn_token.to_tokens(tokens);
        ident.to_tokens(tokens);
        generics.to_tokens(tokens);
        tokens.append(inputs.clone());
        if *is_named {
            tokens.append_all(self.future);
            Answer(output).to_tokens(tokens);
            <Token![>]>::default().to_tokens(tokens);
        } else {
            let future = lower::future(output);
            tokens.extend(quote!(-> #future));
        }
        generics.where_clause.to_tokens(tokens);
        tokens.append(Group::new(Delimiter::Brace, body));
    }
}

impl OfClient<'_> {
    fn body(&self) -> Option<TokenStream> {
        let Method { signature, output, operation, .. } = self.method;
        let operation = operation.as_ref()?;
        let receiver = signature.receiver()?;
        let this = matches!(receiver.kind, ReceiverKind::Reference(..)).then_some(&receiver.self_token)?;
        let (call, links) = (&self.before, bind::links(operation, self.krate));
        let outcome = Ident::new(outcome(operation), *output);
        Some(quote!(#this.#call #links.#outcome()))
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
