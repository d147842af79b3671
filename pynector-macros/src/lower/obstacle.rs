//! What keeps a method from being passed on: what only its own caller knows, or what differs between implementations.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{FnArg, GenericParam, ReceiverKind, Signature, Type, TypeParamBound, WherePredicate};

/// Why a method cannot be passed on: where, why, and what to write.
pub(super) struct Obstacle {
    pub(super) span: Span,
    pub(super) why: &'static str,
    pub(super) advice: &'static str,
}

/// The first thing that only the caller of the method itself can know.
pub(super) fn obstacle(signature: &Signature, output: Option<&Type>) -> Option<Obstacle> {
    receiver(signature).or_else(|| chosen(signature)).or_else(|| hidden(signature, output))
}

pub(super) fn receiver(signature: &Signature) -> Option<Obstacle> {
    let (span, why) = match signature.receiver() {
        None => (signature.ident.span(), "it is called on a type and not on a value"),
        Some(receiver) if matches!(receiver.kind, ReceiverKind::Reference(_, _, None)) => return None,
        Some(receiver) => (receiver.self_token.span, "whoever shares a value has only `&self`"),
    };
    Some(Obstacle { span, why, advice: "write `&self` as its first parameter" })
}

/// Types and constants that the caller chooses.
fn chosen(signature: &Signature) -> Option<Obstacle> {
    let why = "each caller chooses it anew";
    let generic = signature.generics.params.iter().find_map(|param| match param {
        GenericParam::Type(param) => Some(param.ident.span()),
        GenericParam::Const(param) => Some(param.ident.span()),
        GenericParam::Lifetime(_) => None,
    });
    if let Some(span) = generic {
        return Some(Obstacle { span, why, advice: "write the type or the value itself" });
    }
    let types = signature.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(typed) => Some(typed.ty.to_token_stream()),
        FnArg::Receiver(_) => None,
    });
    let span = types.into_iter().find_map(|ty| keyword(ty, "impl"))?;
    Some(Obstacle { span, why, advice: "write the type itself, or `&(dyn Trait + Sync)`" })
}

/// Types that differ from one implementation to the next.
fn hidden(signature: &Signature, output: Option<&Type>) -> Option<Obstacle> {
    if output.is_none()
        && let Some(span) = keyword(signature.output.to_token_stream(), "impl")
    {
        let why = "it is another type in each implementation";
        return Some(Obstacle { span, why, advice: "write the type itself, or `Box<dyn Trait>`" });
    }
    let types = signature.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(typed) => Some(typed.ty.to_token_stream()),
        FnArg::Receiver(_) => None,
    });
    let bounds = signature.generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    let bounds = bounds.filter(|predicate| !is_sized(predicate)).map(ToTokens::to_token_stream);
    let tokens = types
        .chain([output.to_token_stream(), bounds.collect()])
        .chain(output.is_none().then(|| signature.output.to_token_stream()));
    let span = tokens.into_iter().find_map(|tokens| keyword(tokens, "Self"))?;
    let why = "`Self` is another type in each implementation";
    Some(Obstacle { span, why, advice: "write the type itself" })
}

/// What a method with a body lends out, which the closure of a mock has not got.
pub(super) fn lent(signature: &Signature, output: Option<&Type>) -> Option<Obstacle> {
    let tokens = output.map_or_else(|| signature.output.to_token_stream(), ToTokens::to_token_stream);
    let span = lifetime(tokens)?;
    let why = "it is lent, and a closure has nothing to lend";
    Some(Obstacle { span, why, advice: "return a type that owns what it holds" })
}

/// The first reference or lifetime that is not `'static`.
fn lifetime(tokens: TokenStream) -> Option<Span> {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '&' => {
                let named = matches!(tokens.peek(), Some(TokenTree::Punct(tick)) if tick.as_char() == '\'');
                if !named {
                    return Some(punct.span());
                }
            }
            TokenTree::Punct(punct) if punct.as_char() == '\'' => match tokens.next() {
                Some(TokenTree::Ident(name)) if name != "static" => return Some(name.span()),
                _ => {}
            },
            TokenTree::Group(group) => {
                if let Some(span) = lifetime(group.stream()) {
                    return Some(span);
                }
            }
            _ => {}
        }
    }
    None
}

/// Where a word that is reserved stands.
fn keyword(tokens: TokenStream, word: &str) -> Option<Span> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Ident(ident) if ident == word => Some(ident.span()),
        TokenTree::Group(group) => keyword(group.stream(), word),
        _ => None,
    })
}

pub(super) fn names_sized(clause: &syn::WhereClause) -> bool {
    clause.predicates.iter().any(is_sized)
}

/// `Self: Sized`
pub(crate) fn is_sized(predicate: &WherePredicate) -> bool {
    let WherePredicate::Type(predicate) = predicate else { return false };
    let bound = |bound: &TypeParamBound| matches!(bound, TypeParamBound::Trait(bound) if bound.path.segments.last().is_some_and(|last| last.ident == "Sized"));
    predicate.bounded_ty.to_token_stream().to_string() == "Self" && predicate.bounds.iter().all(bound)
}
