//! What stands in for mistakes, so that nothing but the mistake itself is reported.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;
use syn::{ReturnType, TraitItem, Type, parse_quote};

use crate::lower::{self, Method};

// expands to: fn broken(&self, id: u64) -> impl Future<Output = R> + Send { ::core::future::pending() }
//
// The error stops the build; the body only has to have every type, with no bound on any.
pub(super) fn method(method: &Method) -> TokenStream {
    let Method { signature, cfg, .. } = method;
    let mut signature = signature.clone();
    let written = matches!(&signature.output, ReturnType::Type(_, ty) if matches!(**ty, Type::ImplTrait(_)));
    let future = lower::promise(&mut signature) || written;
    let body = if future { quote!(::core::future::pending()) } else { quote!(::core::unimplemented!()) };
    quote! {
        #(#cfg)*
        #[allow(unused_variables, unused_mut)]
        #signature {
            #body
        }
    }
}

/// Gives an associated constant without a value one, in the trait, where it is never evaluated.
pub(super) fn mend(item: &mut TraitItem) {
    match item {
        TraitItem::Const(item) if item.default.is_none() => {
            item.default = Some((parse_quote!(=), parse_quote!(::core::unimplemented!())));
        }
        // The stand-in type of the client fulfils no bound.
        TraitItem::Type(item) if item.default.is_none() => {
            item.colon_token = None;
            item.bounds.clear();
        }
        _ => {}
    }
}

/// An item that could not be read, without our attributes: nothing would resolve them.
pub(super) fn item(tokens: TokenStream) -> TokenStream {
    let mut output = TokenStream::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        if matches!(&token, TokenTree::Punct(pound) if pound.as_char() == '#')
            && tokens.next_if(is_helper).is_some()
        {
            continue;
        }
        output.extend([match token {
            TokenTree::Group(group) => {
                let mut stripped = Group::new(group.delimiter(), item(group.stream()));
                stripped.set_span(group.span());
                TokenTree::Group(stripped)
            }
            token => token,
        }]);
    }
    output
}

/// `[get(..)]`, after a `#`.
fn is_helper(token: &TokenTree) -> bool {
    let TokenTree::Group(group) = token else { return false };
    let first = group.stream().into_iter().next();
    let helper = |first| matches!(first, TokenTree::Ident(name) if lower::is_helper(&name.to_string()));
    group.delimiter() == Delimiter::Bracket && first.is_some_and(helper)
}
