//! `dyn`: one type for whatever implements the trait.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{FnArg, GenericParam, Generics, Lifetime, ReceiverKind, Signature, parse_quote};

use super::api;
use super::twin::{self, Elided};
use crate::lower::callable::{Callable, Reach};
use crate::lower::{ApiTrait, is_sized};
use crate::names;

// expands to: pub struct DynGitHub(Arc<dyn __DynGitHub>);
//             trait __DynGitHub: Send + Sync { .. }
//             impl<__T: GitHub + 'static> __DynGitHub for __T { .. }
//             impl GitHub for DynGitHub { .. }
pub(super) fn twin(read: &ApiTrait) -> TokenStream {
    if !read.api.twins.dynamic {
        return TokenStream::new();
    }
    let (structure, companion, implementation) = (structure(read), companion(read), implementation(read));
    quote!(#structure #companion #implementation)
}

fn structure(read: &ApiTrait) -> TokenStream {
    let item = &read.item;
    let (vis, trait_name) = (&item.vis, &item.ident);
    let (name, companion) = (names::dynamic(trait_name), names::companion(trait_name));
    let (impl_generics, types, clause) = item.generics.split_for_impl();
    let (attrs, inner) = (twin::struct_attrs(read), api::impl_attrs(read));
    let (text, bound) = (name.to_string(), twin::bound(read));
    let doc = format!(" Any [`{}`] as one type; clones share it.", names::plain(trait_name));
    quote! {
        #[doc = #doc]
        #(#attrs)*
        #vis struct #name #impl_generics (::std::sync::Arc<dyn #companion #types>) #clause;

        #(#inner)*
        impl #impl_generics #name #types #clause {
            /// Takes `api`, whose type is forgotten.
            #vis fn new(api: impl #bound + 'static) -> Self {
                Self(::std::sync::Arc::new(api))
            }
        }

        #(#inner)*
        #[automatically_derived]
        impl #impl_generics ::core::clone::Clone for #name #types #clause {
            fn clone(&self) -> Self {
                Self(::std::sync::Arc::clone(&self.0))
            }
        }

        #(#inner)*
        #[automatically_derived]
        impl #impl_generics ::core::fmt::Debug for #name #types #clause {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                formatter.debug_struct(#text).finish_non_exhaustive()
            }
        }
    }
}

/// The trait again with boxed futures, under names that no call of a method of the trait can mean.
fn companion(read: &ApiTrait) -> TokenStream {
    let item = &read.item;
    let (trait_name, companion) = (&item.ident, names::companion(&item.ident));
    let (generics, types, clause) = item.generics.split_for_impl();
    let mut for_all = item.generics.clone();
    let bound = twin::bound(read);
    for_all.params.push(parse_quote!(__T: #bound + 'static));
    let (impl_generics, ..) = for_all.split_for_impl();
    let attrs = api::impl_attrs(read);
    let krate = &read.api.krate;
    let forwarded = || read.callables.iter().filter(|callable| callable.dynamic == Reach::Forward);
    let declared = forwarded().map(|callable| {
        let (cfg, signature) = (callable.cfg(), boxed(callable, &item.generics, krate));
        quote!(#(#cfg)* #signature;)
    });
    let defined = forwarded().map(|callable| {
        let (attrs, signature) = (callable.inner_attrs(), boxed(callable, &item.generics, krate));
        let (name, names, this) = (callable.name(), &callable.names, twin::this(callable));
        let call = quote!(<Self as #trait_name #types>::#name(#this #(, #names)*));
        let body = if callable.output.is_some() { quote!(::std::boxed::Box::pin(#call)) } else { call };
        quote!(#(#attrs)* #signature { #body })
    });
    quote! {
        #(#attrs)*
        #[allow(clippy::ptr_arg, clippy::too_many_arguments, clippy::type_complexity)]
        trait #companion #generics: ::core::marker::Send + ::core::marker::Sync #clause {
            #(#declared)*
        }

        #(#attrs)*
        #[automatically_derived]
        impl #impl_generics #companion #types for __T #clause {
            #(#defined)*
        }
    }
}

fn implementation(read: &ApiTrait) -> TokenStream {
    let name = names::dynamic(&read.item.ident);
    twin::implementation(read, &name, |callable| match callable.dynamic {
        Reach::Forward => forward(callable),
        Reach::Own => TokenStream::new(),
        Reach::StandIn => twin::stand_in(callable),
    })
}

fn forward(callable: &Callable) -> TokenStream {
    let Callable { signature, names, .. } = callable;
    let (attrs, this) = (callable.inner_attrs(), twin::this(callable));
    let name = names::companion_method(callable.name());
    let call = quote!(#this.0.#name(#(#names),*));
    let body = if callable.output.is_some() { quote!(async move { #call.await }) } else { call };
    quote!(#(#attrs)* #signature { #body })
}

/// The signature in the companion; what an async method gives stands in a box that borrows for `'__dyn` at most.
fn boxed(callable: &Callable, of_trait: &Generics, krate: &syn::Path) -> Signature {
    let mut signature = callable.signature.clone();
    signature.ident = names::companion_method(callable.name());
    if let Some(clause) = &mut signature.generics.where_clause {
        let kept = clause.predicates.iter().filter(|predicate| !is_sized(predicate)).cloned().collect();
        clause.predicates = kept;
    }
    let Some(output) = &callable.output else { return signature };
    let (outer, lender) = (twin::lifetime("__dyn"), twin::lifetime("__self"));
    let mut elided = Elided::new(&outer);
    let mut output = output.to_token_stream();
    for input in &mut signature.inputs {
        match input {
            FnArg::Typed(typed) => *typed.ty = elided.name(&typed.ty),
            FnArg::Receiver(receiver) => {
                let ReceiverKind::Reference(_, lifetime, _) = &mut receiver.kind else { continue };
                let lender = lifetime.clone().unwrap_or(lender.clone());
                let lent = elided.replace(output.clone(), Some(&lender));
                if lifetime.is_none() && lent.to_string() != output.to_string() {
                    elided.named.push(lender.clone());
                    *lifetime = Some(lender);
                }
                lifetime.get_or_insert_with(|| outer.clone());
                output = lent;
            }
        }
    }
    signature.output = parse_quote!(-> #krate::backend::BoxFuture<#outer, #output>);
    outlive(&mut signature.generics, of_trait, &outer, &elided.named);
    signature
}

/// Whatever the future may hold lives at least as long as it.
fn outlive(generics: &mut Generics, of_trait: &Generics, outer: &Lifetime, elided: &[Lifetime]) {
    let borrowed: Vec<TokenStream> =
        of_trait.params.iter().chain(&generics.params).filter_map(held).collect();
    for lifetime in elided.iter().rev() {
        generics.params.insert(0, parse_quote!(#lifetime));
    }
    generics.params.insert(0, parse_quote!(#outer));
    let clause = generics.make_where_clause();
    clause
        .predicates
        .extend(borrowed.iter().map(|held| -> syn::WherePredicate { parse_quote!(#held: #outer) }));
    clause
        .predicates
        .extend(elided.iter().map(|held| -> syn::WherePredicate { parse_quote!(#held: #outer) }));
    if clause.predicates.is_empty() {
        generics.where_clause = None;
    }
}

fn held(param: &GenericParam) -> Option<TokenStream> {
    match param {
        GenericParam::Lifetime(param) => Some(param.lifetime.to_token_stream()),
        GenericParam::Type(param) => Some(param.ident.to_token_stream()),
        GenericParam::Const(_) => None,
    }
}
