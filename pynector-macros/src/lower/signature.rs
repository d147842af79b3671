//! The signature of a method with a verb: what it must have, and the form it takes in the trait.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt as _, quote};
use syn::spanned::Spanned;
use syn::{
    Block, GenericArgument, Path, PathArguments, ReceiverKind, ReturnType, Safety, Signature, Token,
    TraitItemFn, Type, TypePath, parse_quote,
};

use crate::diagnostics::Diagnostics;

/// Checks all but the parameters, and mends what is missing, so that callers still type-check.
/// Gives the span of the return type.
pub(super) fn check(signature: &mut Signature, krate: &Path, errors: &Diagnostics) -> Span {
    if let ReturnType::Type(_, ty) = &mut signature.output {
        ungroup(ty);
    }
    qualifiers(signature, errors);
    receiver(signature, errors);
    let name = signature.ident.clone();
    if signature.asyncness.is_none() {
        let message = format!("`{name}` waits for a server: write `async fn {name}`");
        errors.error(signature.fn_token.span, message);
        // A future spelled out by hand is kept as it is.
        if !matches!(&signature.output, ReturnType::Type(_, ty) if matches!(**ty, Type::ImplTrait(_))) {
            signature.asyncness = Some(parse_quote!(async));
        }
    }
    if matches!(signature.output, ReturnType::Default) {
        let message =
            format!("`{name}` can fail, so it returns a `Result`: write `-> Result<()>` to drop the answer");
        errors.error(name.span(), message);
        signature.output = parse_quote!(-> #krate::Result<()>);
    }
    answer(signature, krate, errors);
    output_span(signature)
}

/// Takes a type out of the invisible delimiters of a `macro_rules!`.
fn ungroup(ty: &mut Type) {
    while let Type::Group(group) = ty {
        *ty = (*group.elem).clone();
    }
}

/// What a method gives is made of a response that is gone by then, so it borrows nothing; and it has a type to decode.
fn answer(signature: &mut Signature, krate: &Path, errors: &Diagnostics) {
    let ReturnType::Type(_, ty) = &signature.output else { return };
    if let (Type::ImplTrait(ty), Some(_)) = (&**ty, &signature.asyncness) {
        let message = "an answer is decoded into a type: write `Result<T>` with it, instead of `impl`";
        errors.error(ty.impl_token.span, message);
        signature.output = parse_quote!(-> #krate::Result<()>);
    } else if let Some(span) = borrow(ty) {
        let message =
            "an answer owns what it holds: write for example `String` for `&str`, `Vec<T>` for `&[T]`";
        errors.error(span, message);
    }
}

/// The first `&` that is not `&'static`. No tokens are made of paths, which answers nearly always are.
fn borrow(ty: &Type) -> Option<Span> {
    let Type::Path(TypePath { qself: None, path, .. }) = ty else { return borrow_in(ty.to_token_stream()) };
    path.segments.iter().find_map(|segment| match &segment.arguments {
        PathArguments::None => None,
        PathArguments::AngleBracketed(list) => list.args.iter().find_map(|argument| match argument {
            GenericArgument::Type(ty) => borrow(ty),
            other => borrow_in(other.to_token_stream()),
        }),
        PathArguments::Parenthesized(arguments) => borrow_in(arguments.to_token_stream()),
    })
}

fn borrow_in(tokens: TokenStream) -> Option<Span> {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '&' => {
                let lifetime =
                    matches!(tokens.peek(), Some(TokenTree::Punct(tick)) if tick.as_char() == '\'');
                if !lifetime || !matches!(tokens.nth(1), Some(TokenTree::Ident(name)) if name == "static") {
                    return Some(punct.span());
                }
            }
            TokenTree::Group(group) => {
                if let Some(span) = borrow_in(group.stream()) {
                    return Some(span);
                }
            }
            _ => {}
        }
    }
    None
}

fn qualifiers(signature: &mut Signature, errors: &Diagnostics) {
    if let Some(token) = signature.constness.take() {
        errors.error(token.span, "a request is not sent at compile time: leave `const` out");
    }
    if let Safety::Unsafe(token) = &signature.safety {
        errors.error(token.span, "nothing about a request is unsafe: leave `unsafe` out");
        signature.safety = Safety::Default;
    }
    if let Some(abi) = signature.abi.take() {
        errors.error(abi.extern_token.span, "a request has no calling convention: leave `extern` out");
    }
    if let Some(variadic) = signature.variadic.take() {
        errors.error(variadic.dots.span(), "a request has a fixed number of parameters: leave `...` out");
    }
}

fn receiver(signature: &mut Signature, errors: &Diagnostics) {
    let name = &signature.ident;
    match signature.receiver() {
        None => {
            let message = format!("`{name}` is called on a client: write `&self` as its first parameter");
            errors.error(name.span(), message);
            signature.inputs.insert(0, parse_quote!(&self));
        }
        Some(receiver) => match &receiver.kind {
            ReceiverKind::Reference(_, _, None) => {}
            ReceiverKind::Reference(_, _, Some(token)) => {
                errors.error(token.span, "calls share the client: write `&self`");
            }
            _ => errors.error(receiver.self_token.span, "calls share the client: write `&self`"),
        },
    }
}

/// The word in the return type that errors about the type point at.
pub(super) fn output_span(signature: &Signature) -> Span {
    match &signature.output {
        ReturnType::Type(_, ty) => anchor(ty),
        ReturnType::Default => signature.ident.span(),
    }
}

/// The one word of a type that names it: stable compilers cannot underline a whole type.
pub(super) fn anchor(ty: &Type) -> Span {
    match ty {
        Type::Reference(reference) => anchor(&reference.elem),
        Type::Paren(inner) => anchor(&inner.elem),
        Type::Group(inner) => anchor(&inner.elem),
        Type::Path(path) => path.path.segments.last().map_or_else(|| path.span(), |last| last.ident.span()),
        other => other.span(),
    }
}

/// `async fn f(..) -> R` becomes `fn f(..) -> impl Future<Output = R> + Send`, with its body, if any, in an async block.
pub(super) fn into_future(item: &mut TraitItemFn) {
    if !promise(&mut item.sig) {
        return;
    }
    if let Some(body) = item.default.take() {
        let block: Block = parse_quote!({ async move #body });
        item.default = Some(block);
    }
}

/// The signature with a future that is spelled out, and whether it was `async`.
pub(crate) fn promise(signature: &mut Signature) -> bool {
    let is_async = signature.asyncness.take().is_some();
    if is_async {
        let future = future(&signature.output);
        signature.output = ReturnType::Type(<Token![->]>::default(), Box::new(Type::Verbatim(future)));
    }
    is_async
}

/// The future of a method in the trait.
pub(crate) fn future(output: &ReturnType) -> TokenStream {
    let answer = Answer(output);
    quote!(impl ::core::future::Future<Output = #answer> + ::core::marker::Send)
}

/// What a method gives in the end.
pub(crate) struct Answer<'a>(pub(crate) &'a ReturnType);

impl ToTokens for Answer<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self.0 {
            ReturnType::Type(_, ty) => ty.to_tokens(tokens),
            ReturnType::Default => tokens.append(Group::new(Delimiter::Parenthesis, TokenStream::new())),
        }
    }
}

/// A method without a body as the trait has it, of parameters that are tokens already. Its [`future`] is written out: as a
/// stream of its own it would be another trip to the compiler for each method.
pub(super) fn of_trait(item: &TraitItemFn, inputs: &Group) -> TokenStream {
    let TraitItemFn { attrs, sig, semi_token, .. } = item;
    let Signature { fn_token, ident, generics, output, .. } = sig;
    let (answer, bounds) = (Answer(output), &generics.where_clause);
    quote! {
        #(#attrs)* #fn_token #ident #generics #inputs
            -> impl ::core::future::Future<Output = #answer> + ::core::marker::Send #bounds #semi_token
    }
}

/// The parameters in their parentheses.
pub(super) fn inputs(signature: &Signature) -> Group {
    let mut group = Group::new(Delimiter::Parenthesis, signature.inputs.to_token_stream());
    group.set_span(signature.paren_token.span.join());
    group
}
