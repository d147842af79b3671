//! `blocking`: the client for programs without async.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{GenericParam, Signature, parse_quote};

use super::client::prefix_params;
use super::{api, twin};
use crate::lower::ApiTrait;
use crate::lower::callable::{Callable, anchor};
use crate::names;

// expands to: pub struct GitHubBlocking(GitHubClient, ::pynector::blocking::Runtime);
//             impl GitHubBlocking { pub fn issues(&self, owner: &str) -> R { self.1.call(GitHub::issues(&self.0, owner)) } }
//
// What clippy says of names and parameters in types alone would be said of the trait's choice.
pub(super) fn twin(read: &ApiTrait) -> TokenStream {
    if !read.api.twins.blocking {
        return TokenStream::new();
    }
    let ApiTrait { item, api, client, .. } = read;
    let (vis, krate, name) = (&item.vis, &api.krate, names::blocking(&item.ident));
    let (attrs, inner) = (twin::struct_attrs(read), api::impl_attrs(read));
    let doc =
        format!(" [`{}`] for code that is not async: each call waits for its answer.", names::plain(client));
    let (constructors, changes) = (constructors(read), changes(read));
    let methods =
        read.callables.iter().filter(|callable| belongs(callable)).map(|callable| method(callable, read));
    quote! {
        #[doc = #doc]
        #(#attrs)*
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        #vis struct #name(#client, #krate::blocking::Runtime);

        #(#inner)*
        #[allow(clippy::ptr_arg, clippy::should_implement_trait, clippy::wrong_self_convention)]
        impl #name {
            #constructors

            /// The client that makes the calls.
            #vis fn client(&self) -> &#client {
                &self.0
            }

            /// What waits, also for streams that a call gave.
            #vis fn runtime(&self) -> &#krate::blocking::Runtime {
                &self.1
            }

            #changes
            #(#methods)*
        }
    }
}

/// A method whose name is taken was reported.
fn belongs(callable: &Callable) -> bool {
    callable.is_called_on_a_value() && !names::OF_BLOCKING.contains(&&*names::plain(callable.name()))
}

/// Those of the client, whose parameters they pass on.
fn constructors(read: &ApiTrait) -> TokenStream {
    let (vis, krate, client) = (&read.item.vis, &read.api.krate, &read.client);
    let params = prefix_params(read);
    let declared: Vec<_> = params.iter().map(|param| quote!(#param: impl #krate::PathValue)).collect();
    // Whatever the prefix calls its parameters, this is another.
    let base_url = Ident::new("base_url", Span::mixed_site());
    let new = read.api.base_url.as_ref().map(|_| {
        quote! {
            /// Calls the base URL that the trait names.
            #vis fn new(#(#declared),*) -> #krate::Result<Self> {
                #client::new(#(#params),*).and_then(Self::from_client)
            }
        }
    });
    quote! {
        #new

        /// Calls `base_url`.
        #vis fn at(#base_url: impl ::core::convert::AsRef<str> #(, #declared)*) -> #krate::Result<Self> {
            #client::at(#base_url #(, #params)*).and_then(Self::from_client)
        }

        /// Calls by `client`, whose builder has all settings.
        #vis fn from_client(client: #client) -> #krate::Result<Self> {
            #krate::blocking::Runtime::start().map(|runtime| Self(client, runtime))
        }
    }
}

/// A clone for each way in which a clone of the client can differ.
fn changes(read: &ApiTrait) -> TokenStream {
    let (vis, krate) = (&read.item.vis, &read.api.krate);
    let change = |param: &Ident| {
        let with = names::with(param);
        let doc = format!(" A clone whose calls have this `{}` in their paths.", names::plain(param));
        quote! {
            #[doc = #doc]
            #[must_use]
            #vis fn #with(&self, #param: impl #krate::PathValue) -> Self {
                Self(self.0.#with(#param), ::core::clone::Clone::clone(&self.1))
            }
        }
    };
    let changes: TokenStream = prefix_params(read).iter().map(change).collect();
    quote! {
        /// A clone whose calls carry `options`.
        #[must_use]
        #vis fn with_options(&self, options: #krate::CallOptions) -> Self {
            Self(self.0.with_options(options), ::core::clone::Clone::clone(&self.1))
        }

        #changes
    }
}

fn method(callable: &Callable, read: &ApiTrait) -> TokenStream {
    let (vis, trait_name, client) = (&read.item.vis, &read.item.ident, &read.client);
    let Callable { attrs, names, .. } = callable;
    let inner = callable.inner_attrs().into_iter().filter(|attr| !attr.path().is_ident("cfg"));
    let signature = signature(callable, read);
    let (_, types, _) = read.item.generics.split_for_impl();
    let (name, this) = (callable.name(), twin::this(callable));
    let call = quote!(<#client as #trait_name #types>::#name(&#this.0 #(, #names)*));
    let body = if callable.mistaken {
        quote!(::core::unimplemented!())
    } else if callable.output.is_some() {
        let wait = quote_spanned!(names::at(anchor(callable))=> call);
        quote!(#this.1.#wait(#call))
    } else {
        call
    };
    let many = (signature.inputs.len() > 7).then(|| quote!(#[allow(clippy::too_many_arguments)]));
    let unused = callable.mistaken.then(|| quote!(#[allow(unused_variables)]));
    quote! {
        #(#attrs)*
        #(#inner)*
        #many
        #unused
        #vis #signature {
            #body
        }
    }
}

/// The signature without `async`; the trait's parameters are each method's, since the struct has none.
fn signature(callable: &Callable, read: &ApiTrait) -> Signature {
    let mut signature = callable.signature.clone();
    if let Some(output) = &callable.output {
        signature.output = parse_quote!(-> #output);
    }
    let (of_trait, own) = (&read.item.generics, &mut signature.generics);
    let (of_method, mut of_all) = (std::mem::take(&mut own.params), of_trait.params.clone());
    of_all.extend(of_method);
    let (lifetimes, others): (Vec<_>, Vec<_>) =
        of_all.into_iter().map(without_default).partition(|param| matches!(param, GenericParam::Lifetime(_)));
    own.params = lifetimes.into_iter().chain(others).collect();
    if let Some(clause) = &of_trait.where_clause {
        own.make_where_clause().predicates.extend(clause.predicates.iter().cloned());
    }
    let client = &read.client;
    let named = twin::instead_of_self(signature.to_token_stream(), client);
    syn::parse2(named).unwrap_or(signature)
}

/// A parameter of a function has no default.
fn without_default(mut param: GenericParam) -> GenericParam {
    match &mut param {
        GenericParam::Type(param) => param.default = None,
        GenericParam::Const(param) => param.default = None,
        GenericParam::Lifetime(_) => {}
    }
    param
}
