//! What the twins of a client have in common: their heads, and the lifetimes of boxed futures.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::{Attribute, GenericParam, Lifetime, Type, parse_quote};

use super::api;
use crate::lower::callable::{self, Callable};
use crate::lower::{ApiTrait, hidden, named};

/// The attributes of a twin's struct: those of the trait that concern it, and leave to use what is deprecated.
pub(super) fn struct_attrs(read: &ApiTrait) -> Vec<Attribute> {
    let mut attrs = api::impl_attrs(read);
    attrs.extend(named(&read.item.attrs, &["deprecated"]));
    attrs.extend(hidden(&read.item.attrs));
    attrs
}

// expands to: GitHub<'a, T, Item = Issue>
/// The trait as a bound, with the associated types that every twin has.
pub(super) fn bound(read: &ApiTrait) -> TokenStream {
    let item = &read.item;
    let args = item.generics.params.iter().map(|param| match param {
        GenericParam::Lifetime(param) => param.lifetime.to_token_stream(),
        GenericParam::Type(param) => param.ident.to_token_stream(),
        GenericParam::Const(param) => param.ident.to_token_stream(),
    });
    let types = callable::types(item).into_iter().map(|(name, ty)| quote!(#name = #ty));
    let (name, args) = (&item.ident, args.chain(types).collect::<Vec<_>>());
    if args.is_empty() { quote!(#name) } else { quote!(#name<#(#args),*>) }
}

/// A twin's own impl of the trait, with the generics of the trait.
pub(super) fn implementation(
    read: &ApiTrait,
    name: &Ident,
    method: impl Fn(&Callable) -> TokenStream,
) -> TokenStream {
    let (_, types, _) = read.item.generics.split_for_impl();
    api::implement(read, &quote!(#name #types), read.callables.iter().map(method))
}

/// The stand-in for a method whose mistake is reported already.
pub(super) fn stand_in(callable: &Callable) -> TokenStream {
    let (cfg, signature) = (callable.cfg(), &callable.signature);
    let future = callable.output.is_some();
    let body = if future { quote!(::core::future::pending()) } else { quote!(::core::unimplemented!()) };
    quote! {
        #(#cfg)*
        #[allow(unused_variables)]
        #signature {
            #body
        }
    }
}

/// The word `self` of a method, with whose meaning generated code must speak.
pub(super) fn this(callable: &Callable) -> TokenStream {
    callable.signature.receiver().map(|receiver| receiver.self_token.to_token_stream()).unwrap_or_default()
}

/// `tokens` with the client where they say `Self`: in another struct it would mean that one.
pub(super) fn instead_of_self(tokens: TokenStream, client: &Ident) -> TokenStream {
    let replaced = tokens.into_iter().map(|token| match token {
        TokenTree::Ident(word) if word == "Self" => Ident::new(&client.to_string(), word.span()).into(),
        TokenTree::Group(group) => {
            let mut inner = Group::new(group.delimiter(), instead_of_self(group.stream(), client));
            inner.set_span(group.span());
            TokenTree::Group(inner)
        }
        token => token,
    });
    replaced.collect()
}

/// A lifetime that no user writes.
pub(super) fn lifetime(name: &str) -> Lifetime {
    Lifetime { apostrophe: Span::mixed_site(), ident: Ident::new(name, Span::mixed_site()) }
}

/// Gives names to lifetimes that were left out, as a boxed future must name what it borrows.
pub(super) struct Elided {
    /// What the future borrows at most.
    outer: Lifetime,
    pub(super) named: Vec<Lifetime>,
}

impl Elided {
    pub(super) fn new(outer: &Lifetime) -> Self {
        Self { outer: outer.clone(), named: Vec::new() }
    }

    /// A type whose lifetimes all outlive the future.
    ///
    /// A reference lends its lifetime to whatever lies behind it; elsewhere each one gets a name.
    pub(super) fn name(&mut self, ty: &Type) -> Type {
        let tokens = flat(ty.to_token_stream());
        let mut rest = tokens.clone().into_iter().peekable();
        let borrowed = matches!(rest.next(), Some(TokenTree::Punct(punct)) if punct.as_char() == '&');
        let tokens = match rest.peek() {
            Some(TokenTree::Punct(tick)) if borrowed && tick.as_char() == '\'' => tokens,
            _ if borrowed => {
                let outer = &self.outer;
                quote!(& #outer #(#rest)*)
            }
            _ => self.replace(tokens, None),
        };
        parse_quote!(#tokens)
    }

    /// `tokens` with `with`, or else a new name each, where a lifetime was left out.
    pub(super) fn replace(&mut self, tokens: TokenStream, with: Option<&Lifetime>) -> TokenStream {
        let (mut output, mut function) = (TokenStream::new(), false);
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            let is = |mark: char| matches!(&token, TokenTree::Punct(punct) if punct.as_char() == mark);
            if is('&') {
                let named = matches!(tokens.peek(), Some(TokenTree::Punct(tick)) if tick.as_char() == '\'');
                output.extend([token]);
                if !named {
                    self.next(with).to_tokens(&mut output);
                }
            } else if is('\'') && matches!(tokens.peek(), Some(TokenTree::Ident(name)) if name == "_") {
                drop(tokens.next());
                self.next(with).to_tokens(&mut output);
            } else if let TokenTree::Group(group) = token {
                // What a function takes it borrows from whoever calls it.
                let skip = function && group.delimiter() == Delimiter::Parenthesis;
                let inner = if skip { group.stream() } else { self.replace(group.stream(), with) };
                let mut replaced = Group::new(group.delimiter(), inner);
                replaced.set_span(group.span());
                output.extend([TokenTree::Group(replaced)]);
                function = false;
            } else {
                function = matches!(&token, TokenTree::Ident(name) if ["fn", "Fn", "FnMut", "FnOnce"].iter().any(|word| name == word));
                output.extend([token]);
            }
        }
        output
    }

    fn next(&mut self, with: Option<&Lifetime>) -> Lifetime {
        if let Some(lifetime) = with {
            return lifetime.clone();
        }
        let name = format_ident!("__l{}", self.named.len());
        let next = lifetime(&name.to_string());
        self.named.push(next.clone());
        next
    }
}

/// The tokens of a type, without the invisible group that `macro_rules!` puts around it.
fn flat(tokens: TokenStream) -> TokenStream {
    let mut all = tokens.clone().into_iter();
    match (all.next(), all.next()) {
        (Some(TokenTree::Group(group)), None) if group.delimiter() == Delimiter::None => flat(group.stream()),
        _ => tokens,
    }
}
