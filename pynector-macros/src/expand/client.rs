//! The client: a newtype over the transport, its constants and constructors.

use proc_macro2::{Delimiter, Group, Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt as _, quote};
use syn::{Index, LitStr, Path, Token};

use super::{api, settings, stream};
use crate::lower::{self, ApiTrait, Method, named};
use crate::model::{self, BaseUrl, Operation, Place};
use crate::names;

// expands to: pub struct GitHubClient(::pynector::HttpTransport);
//             impl GitHubClient { pub const OPERATIONS: ..; pub fn new() -> ..; .. }
//             impl ::pynector::Client for GitHubClient { const API: ..; .. }
pub(super) fn client(read: &ApiTrait) -> TokenStream {
    let (structure, inherent, contract) = (structure(read), inherent(read), contract(read));
    quote!(#structure #inherent #contract)
}

fn structure(read: &ApiTrait) -> TokenStream {
    let ApiTrait { item, api, client, .. } = read;
    let (vis, krate) = (&item.vis, &api.krate);
    let mut attrs = named(&item.attrs, &["cfg", "deprecated"]);
    attrs.extend(lower::hidden(&item.attrs));
    let allowed = api::impl_attrs(read).into_iter().filter(|attr| !attr.path().is_ident("cfg"));
    let doc = format!(" Calls [`{}`] over HTTP.", names::plain(&item.ident));
    quote! {
        #[doc = #doc]
        #(#attrs)*
        #(#allowed)*
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        #vis struct #client(#krate::HttpTransport);
    }
}

/// Its constants and functions. The ones that a crate never calls are no dead code: rustc does not report that lint in
/// what a macro writes.
fn inherent(read: &ApiTrait) -> TokenStream {
    let ApiTrait { item, api, client, methods, .. } = read;
    let (vis, krate) = (&item.vis, &api.krate);
    let attrs = api::impl_attrs(read);
    let (operations, values): (Vec<&Method>, Vec<Value<'_>>) =
        methods.iter().filter_map(|method| Some((method, value(method.operation.as_ref()?, krate)?))).unzip();
    let all = count(&operations);
    let cfgs = operations.iter().map(|method| &method.cfg);
    let (constructors, changes, nth) = (constructors(read), changes(read), nth(&operations, krate));
    quote! {
        #(#attrs)*
        impl #client {
            /// Every operation of this client, in the order of the trait.
            #vis const OPERATIONS: &'static [#krate::Operation] = {
                static OPERATIONS: [#krate::Operation; #all] = [#(#(#cfgs)* #values),*];
                &OPERATIONS
            };
            #constructors

            /// The transport that carries the calls.
            #vis fn transport(&self) -> &#krate::HttpTransport {
                &self.0
            }

            /// The request that `call` starts with; nothing is sent.
            #vis fn to_request<T>(
                &self,
                call: impl ::core::ops::AsyncFnOnce(&Self) -> T,
            ) -> #krate::Result<#krate::http::Request<#krate::bytes::Bytes>> {
                self.0.to_request_of(Self, call)
            }

            /// A clone whose calls carry `options`.
            #[must_use]
            #vis fn with_options(&self, options: #krate::CallOptions) -> Self {
                Self(self.0.with_options(options))
            }

            #changes
            #nth
        }
    }
}

// expands to: fn __call(&self, place: usize) -> ::pynector::Call { self.0.call_nth(Self::OPERATIONS, place) }
//
// What every method would otherwise say by itself is work for the compiler each time (record 0228).
fn nth(operations: &[&Method], krate: &Path) -> Option<TokenStream> {
    let nth = quote! {
        #[inline]
        fn __call(&self, place: usize) -> #krate::Call {
            self.0.call_nth(Self::OPERATIONS, place)
        }
    };
    (!operations.is_empty()).then_some(nth)
}

/// `new` exists only where the trait names a base URL; the builder's marker says the same.
fn constructors(read: &ApiTrait) -> TokenStream {
    let (vis, krate) = (&read.item.vis, &read.api.krate);
    let params = prefix_params(read);
    let declared: Vec<_> = params.iter().map(|param| quote!(#param: impl #krate::PathValue)).collect();
    let names: Vec<_> = params.iter().map(names::plain).collect();
    // Whatever the prefix calls its parameters, these are others.
    let [base_url, transport] = ["base_url", "transport"].map(|name| Ident::new(name, Span::mixed_site()));
    let (new, marker) = match &read.api.base_url {
        None => (None, quote!(NoBaseUrl)),
        Some(BaseUrl::Valid(_) | BaseUrl::Mistaken) => {
            let new = quote! {
                /// A client for the base URL that the trait names.
                #vis fn new(#(#declared),*) -> #krate::Result<Self> {
                    Self::builder(#(#params),*).build()
                }
            };
            (Some(new), quote!(BaseUrl))
        }
    };
    quote! {
        #new

        /// A client for `base_url`.
        #vis fn at(
            #base_url: impl ::core::convert::AsRef<str> #(, #declared)*
        ) -> #krate::Result<Self> {
            Self::builder(#(#params),*).base_url(#base_url).build()
        }

        /// Starts a client whose settings differ from the trait's.
        #vis fn builder(#(#declared),*) -> #krate::ClientBuilder<Self, #krate::client::#marker> {
            #krate::ClientBuilder::new()#(.path_value(#names, #params))*
        }

        /// A client over `transport`, whose own settings win over the trait's.
        #vis fn from_transport(
            #transport: #krate::HttpTransport #(, #declared)*
        ) -> #krate::Result<Self> {
            #transport #(.path_value(#names, #params))*.for_client()
        }
    }
}

// expands to: pub fn with_tenant(&self, tenant: impl ::pynector::PathValue) -> Self { .. }
fn changes(read: &ApiTrait) -> TokenStream {
    let (vis, krate) = (&read.item.vis, &read.api.krate);
    let change = |param: &Ident| {
        let (name, with) = (names::plain(param), names::with(param));
        let doc = format!(" A clone whose calls have this `{name}` in their paths.");
        quote! {
            #[doc = #doc]
            #[must_use]
            #vis fn #with(&self, #param: impl #krate::PathValue) -> Self {
                Self(self.0.with_path_value(#name, #param))
            }
        }
    };
    prefix_params(read).iter().map(change).collect()
}

pub(super) fn prefix_params(read: &ApiTrait) -> &[Ident] {
    read.api.prefix.as_ref().map_or(&[], |prefix| &prefix.params)
}

// expands to: impl ::pynector::Client for GitHubClient { const API: ::pynector::Api = ..; fn wrap(..) -> Self { .. } }
fn contract(read: &ApiTrait) -> TokenStream {
    let ApiTrait { item, api, client, .. } = read;
    let krate = &api.krate;
    let attrs = api::impl_attrs(read);
    let name = names::plain(&item.ident);
    let base_url = match &api.base_url {
        Some(BaseUrl::Valid(url)) => Some(quote!(.base_url(#url))),
        Some(BaseUrl::Mistaken) | None => None,
    };
    let prefix = api.prefix.as_ref().map(|prefix| {
        let literal = &prefix.literal;
        quote!(.prefix(#literal))
    });
    let (headers, settings) = (settings::headers(&api.settings), settings::links(&api.settings, krate));
    quote! {
        #(#attrs)*
        #[automatically_derived]
        impl #krate::Client for #client {
            const API: #krate::Api = #krate::Api::new(#name, Self::OPERATIONS)#base_url #prefix #headers #settings;

            fn wrap(transport: #krate::HttpTransport) -> Self {
                Self(transport)
            }
        }
    }
}

/// The operations of a client before that of a method: those that are always there, and those that have a `cfg`.
#[derive(Clone, Default)]
pub(super) struct Before {
    sure: usize,
    unsure: Vec<TokenStream>,
}

impl Before {
    /// What is before `method`, which is itself before what follows.
    pub(super) fn put(&mut self, method: &Method) -> Self {
        let before = self.clone();
        if method.operation.is_none() {
            // It was reported, and has no operation.
        } else if method.cfg.is_empty() {
            self.sure = self.sure.saturating_add(1);
        } else {
            self.unsure.push(unit(method));
        }
        before
    }
}

// expands to: __call(0), or: 0.call_nth_behind(Self::OPERATIONS, 2, &[#[cfg(unix)] ()])
//
// The list is a static, so that a program holds each operation once (record 0218), and a constant for each method would be one more
// item for the compiler (record 0220). Only the compiler can count operations that have a `cfg`.
impl ToTokens for Before {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { sure, unsure } = self;
        let place = Literal::usize_unsuffixed(*sure);
        if unsure.is_empty() {
            tokens.append(Ident::new("__call", Span::call_site()));
            tokens.append(Group::new(Delimiter::Parenthesis, TokenTree::from(place).into()));
        } else {
            let transport = Index::from(0);
            quote!(#transport.call_nth_behind(Self::OPERATIONS, #place, &[#(#unsure),*])).to_tokens(tokens);
        }
    }
}

// expands to: 2, or: <[()]>::len(&[(), #[cfg(unix)] ()])
//
// How many operations these are; only the compiler can count those that have a `cfg`.
fn count(operations: &[&Method]) -> TokenStream {
    if operations.iter().all(|method| method.cfg.is_empty()) {
        return Literal::usize_unsuffixed(operations.len()).into_token_stream();
    }
    let units = operations.iter().map(|method| unit(method));
    quote!(<[()]>::len(&[#(#units),*]))
}

/// What is there where the operation is.
fn unit(Method { cfg, .. }: &Method) -> TokenStream {
    quote!(#(#cfg)* ())
}

/// The constant value of an operation.
pub(super) struct Value<'a> {
    krate: &'a Path,
    constructor: &'a str,
    token: Option<&'a LitStr>,
    name: &'a str,
    template: &'a LitStr,
    links: Option<TokenStream>,
}

// expands to: ::pynector::Operation::get("GitHub::issues", "/issues")
//
// Put there one by one, as the links of a method are.
impl ToTokens for Value<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { krate, constructor, token, name, template, links } = self;
        let token = token.map(|token| quote!(#token,));
        let colons = <Token![::]>::default();
        krate.to_tokens(tokens);
        colons.to_tokens(tokens);
        tokens.append(Ident::new("Operation", Span::call_site()));
        colons.to_tokens(tokens);
        tokens.append(Ident::new(constructor, Span::call_site()));
        tokens.append(Group::new(Delimiter::Parenthesis, quote!(#token #name, #template)));
        links.to_tokens(tokens);
    }
}

/// The value of an operation; `None` if its verb was mistaken.
pub(super) fn value<'a>(operation: &'a Operation, krate: &'a Path) -> Option<Value<'a>> {
    let template = &operation.template.as_ref()?.literal;
    let (constructor, token) = match &operation.method {
        model::Method::Verb(verb) => (verb.as_str(), None),
        model::Method::Other(token) => ("http", Some(token)),
        model::Method::Mistaken => return None,
    };
    let maps = operation.params.iter().filter(|param| param.place == Place::Params).count();
    // A single parameter has no map beside it whose keys it must win over.
    let names = |name: fn(&Place) -> Option<&String>, maps: usize| {
        let names: Vec<&String> = operation.params.iter().filter_map(|param| name(&param.place)).collect();
        (!names.is_empty() && names.len() + maps > 1).then_some(names)
    };
    let query_names = names(query_name, maps).map(|names| quote!(.query_names(&[#(#names),*])));
    let form_names = names(form_name, 0).map(|names| quote!(.form_names(&[#(#names),*])));
    let idempotent = operation.idempotent.map(|_| quote!(.idempotent()));
    let key = operation.idempotency_key.as_ref().map(|key| settings::idempotency_key(key, krate));
    let headers = settings::headers(&operation.settings);
    let rules = rules(operation, krate);
    let links = quote!(#headers #query_names #form_names #idempotent #key #rules);
    // One without a token would be a trip too.
    let links = (!links.is_empty()).then_some(links);
    Some(Value { krate, constructor, token, name: &operation.name, template, links })
}

// expands to: .rules(&::pynector::OperationRules::new().retry(..).any_status())
fn rules(operation: &Operation, krate: &Path) -> Option<TokenStream> {
    let mut links = settings::links(&operation.settings, krate);
    links.extend(operation.stream.as_ref().map(|rules| stream::constant(rules, krate)));
    (!links.is_empty()).then(|| quote!(.rules(&#krate::OperationRules::new()#links)))
}

pub(super) fn query_name(place: &Place) -> Option<&String> {
    match place {
        Place::Query(query) => Some(&query.name),
        _ => None,
    }
}

fn form_name(place: &Place) -> Option<&String> {
    match place {
        Place::Form(name) => Some(name),
        _ => None,
    }
}
