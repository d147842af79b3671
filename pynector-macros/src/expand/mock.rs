//! `mock`: an implementation for tests that answers with closures.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Attribute, FnArg, GenericParam, Generics, parse_quote};

use super::{api, twin};
use crate::lower::ApiTrait;
use crate::lower::callable::{Callable, Reach};
use crate::model::Mock;
use crate::names;

// expands to: pub struct GitHubMock { issues: ::pynector::mock::Answers<dyn Fn(&str) -> R + Send + Sync>, .. }
//             impl GitHubMock { pub fn expect_issues(self, answer: impl Fn(&str) -> R + ..) -> Self { .. } .. }
//             impl GitHub for GitHubMock { .. }
pub(super) fn twin(read: &ApiTrait) -> TokenStream {
    let Some(mock) = read.api.twins.mock else { return TokenStream::new() };
    let only_in_tests: Option<Attribute> = (mock == Mock::InTests).then(|| parse_quote!(#[cfg(test)]));
    let (structure, inherent, implementation) = (structure(read), inherent(read), implementation(read));
    quote! {
        #only_in_tests
        #structure
        #only_in_tests
        #inherent
        #only_in_tests
        #implementation
    }
}

fn mocked(read: &ApiTrait) -> impl Iterator<Item = &Callable> {
    read.callables.iter().filter(|callable| callable.mock == Reach::Forward)
}

fn structure(read: &ApiTrait) -> TokenStream {
    let (item, krate) = (&read.item, &read.api.krate);
    let (vis, name) = (&item.vis, names::mock(&item.ident));
    let attrs = twin::struct_attrs(read);
    let (impl_generics, _, clause) = item.generics.split_for_impl();
    let doc = format!(
        " Answers the calls of [`{}`] as it was told to, and counts them.",
        names::plain(&item.ident)
    );
    let fields = mocked(read).map(|callable| {
        let (cfg, name, closure) = (callable.cfg(), callable.name(), closure(callable));
        quote!(#(#cfg)* #name: #krate::mock::Answers<dyn #closure>,)
    });
    let parameters = parameters(&item.generics);
    quote! {
        #[doc = #doc]
        #(#attrs)*
        #[allow(clippy::type_complexity)]
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        #vis struct #name #impl_generics #clause {
            #(#fields)*
            __mock: #krate::mock::Mock<#parameters>,
        }
    }
}

/// The parameters of the trait as one type, which the struct must name though no field may need them.
fn parameters(generics: &Generics) -> TokenStream {
    let named = generics.params.iter().filter_map(|param| match param {
        GenericParam::Lifetime(param) => {
            let lifetime = &param.lifetime;
            Some(quote!(&#lifetime ()))
        }
        GenericParam::Type(param) => {
            let name = &param.ident;
            Some(quote!(fn() -> *const #name))
        }
        GenericParam::Const(_) => None,
    });
    quote!((#(#named,)*))
}

fn inherent(read: &ApiTrait) -> TokenStream {
    let (item, krate) = (&read.item, &read.api.krate);
    let (vis, name) = (&item.vis, names::mock(&item.ident));
    let attrs = api::impl_attrs(read);
    let (impl_generics, types, clause) = item.generics.split_for_impl();
    let text = name.to_string();
    let mock = proc_macro2::Ident::new("mock", proc_macro2::Span::mixed_site());
    let fields = mocked(read).map(|callable| {
        let (cfg, name, text) = (callable.cfg(), callable.name(), names::plain(callable.name()));
        let names: Vec<_> = callable.names.iter().map(names::plain).collect();
        let closure = format!("|{}| ..", names.join(", "));
        quote!(#(#cfg)* #name: #mock.answers(#text, #closure),)
    });
    let methods = mocked(read).map(|callable| expectation(callable, read));
    quote! {
        #(#attrs)*
        impl #impl_generics #name #types #clause {
            /// Expects no call yet.
            #[must_use]
            #vis fn new() -> Self {
                let #mock = #krate::mock::Mock::new(#text);
                Self { #(#fields)* __mock: #mock }
            }

            #(#methods)*

            /// The expectation before this answers exactly `calls` calls.
            #[must_use]
            #vis fn times(self, calls: usize) -> Self {
                self.__mock.times(calls);
                self
            }

            /// Panics if an expectation with a number of calls was not met, or a call was not expected; the last clone
            /// that is dropped does the same.
            #vis fn verify(&self) {
                self.__mock.verify();
            }
        }
    }
}

/// What the mock has for one method: the expectation and the count.
fn expectation(callable: &Callable, read: &ApiTrait) -> TokenStream {
    let (vis, cfg) = (&read.item.vis, callable.cfg());
    let (name, closure) = (callable.name(), closure(callable));
    let (expect, calls, plain) = (names::expect(name), names::calls(name), names::plain(name));
    let of_expect = format!(" Answers `{plain}` with `answer`; one that is added later follows it.");
    let of_calls = format!(" How often `{plain}` was called.");
    quote! {
        #[doc = #of_expect]
        #(#cfg)*
        #[must_use]
        #vis fn #expect(self, answer: impl #closure + 'static) -> Self {
            self.#name.expect(::std::sync::Arc::new(answer));
            self
        }

        #[doc = #of_calls]
        #(#cfg)*
        #vis fn #calls(&self) -> usize {
            self.#name.calls()
        }
    }
}

// expands to: for<'a> Fn(&'a str) -> R + Send + Sync
fn closure(callable: &Callable) -> TokenStream {
    let lifetimes: Vec<_> = callable.signature.generics.lifetimes().map(|param| &param.lifetime).collect();
    let bound = (!lifetimes.is_empty()).then(|| quote!(for<#(#lifetimes),*>));
    let types = callable.signature.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(typed) => Some(typed.ty.to_token_stream()),
        FnArg::Receiver(_) => None,
    });
    let answer = callable.answer();
    quote!(#bound ::core::ops::Fn(#(#types),*) -> #answer + ::core::marker::Send + ::core::marker::Sync)
}

fn implementation(read: &ApiTrait) -> TokenStream {
    let name = names::mock(&read.item.ident);
    twin::implementation(read, &name, |callable| match callable.mock {
        Reach::Forward => method(callable),
        Reach::Own => TokenStream::new(),
        Reach::StandIn => twin::stand_in(callable),
    })
}

/// A request is answered by the closure; a method with a body keeps it until a closure is there.
fn method(callable: &Callable) -> TokenStream {
    let Callable { signature, names, .. } = callable;
    let (attrs, this, name) = (callable.inner_attrs(), twin::this(callable), callable.name());
    let body = match &callable.body {
        None => quote!(::core::future::ready(#this.#name.next()(#(#names),*))),
        Some(_) => or_own_body(callable),
    };
    quote!(#(#attrs)* #signature { #body })
}

/// The body stands here once more, since a method that is overridden cannot reach it.
fn or_own_body(callable: &Callable) -> TokenStream {
    let Callable { names, patterns, body, output, .. } = callable;
    let (this, name) = (twin::this(callable), callable.name());
    let lets = patterns.iter().map(|(pattern, name)| quote!(let #pattern = #name;));
    let answer = proc_macro2::Ident::new("answer", proc_macro2::Span::mixed_site());
    let own = if output.is_some() { quote!(async move #body.await) } else { quote!(#body) };
    let either = quote! {
        match #this.#name.expected() {
            ::core::option::Option::Some(#answer) => #answer(#(#names),*),
            ::core::option::Option::None => {
                #(#lets)*
                #own
            }
        }
    };
    if output.is_some() { quote!(async move { #either }) } else { either }
}
