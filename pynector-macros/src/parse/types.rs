//! Reads types as nearly all are written from their tokens; what is another form is `None`.

use proc_macro2::{Delimiter, TokenTree};
use syn::punctuated::Punctuated;
use syn::{
    AngleBracketedGenericArguments, GenericArgument, Lifetime, Path, PathArguments, PathSegment, Token, Type,
    TypePath, TypeReference, TypeTuple, token,
};

/// `Path<Type>`, `&Type` or `()`, and what stands behind it.
///
/// What starts like a path and is none, as `dyn Trait` does, has something behind it that cannot stand behind a type.
pub(super) fn ty(tokens: &[TokenTree]) -> Option<(Type, &[TokenTree])> {
    match tokens {
        [TokenTree::Punct(and), rest @ ..] if and.as_char() == '&' => {
            let (lifetime, rest) = lifetime(rest);
            let (elem, rest) = ty(rest)?;
            let (and_token, elem) = (Token![&](and.span()), Box::new(elem));
            let reference = TypeReference { attrs: Vec::new(), and_token, lifetime, mutability: None, elem };
            Some((Type::Reference(reference), rest))
        }
        [TokenTree::Group(unit), rest @ ..] => {
            let empty = unit.delimiter() == Delimiter::Parenthesis && unit.stream().is_empty();
            let paren_token = token::Paren(unit.delim_span());
            let unit = TypeTuple { attrs: Vec::new(), paren_token, elems: Punctuated::new() };
            empty.then_some((Type::Tuple(unit), rest))
        }
        _ => {
            let (path, rest) = path(tokens)?;
            Some((Type::Path(TypePath { attrs: Vec::new(), qself: None, path }), rest))
        }
    }
}

/// `'a`, or nothing.
fn lifetime(tokens: &[TokenTree]) -> (Option<Lifetime>, &[TokenTree]) {
    match tokens {
        [TokenTree::Punct(tick), TokenTree::Ident(name), rest @ ..] if tick.as_char() == '\'' => {
            (Some(Lifetime { apostrophe: tick.span(), ident: name.clone() }), rest)
        }
        _ => (None, tokens),
    }
}

/// `a::B<Type>`
fn path(mut tokens: &[TokenTree]) -> Option<(Path, &[TokenTree])> {
    let mut segments = Punctuated::new();
    loop {
        let [TokenTree::Ident(name), rest @ ..] = tokens else { return None };
        let (arguments, rest) = generic_arguments(rest)?;
        segments.push_value(PathSegment { ident: name.clone(), arguments });
        match rest {
            [TokenTree::Punct(first), TokenTree::Punct(second), rest @ ..]
                if first.as_char() == ':' && second.as_char() == ':' =>
            {
                // A keyword before a path: `dyn ::a::Trait`.
                if name == "dyn" || name == "impl" {
                    return None;
                }
                segments.push_punct(Token![::]([first.span(), second.span()]));
                tokens = rest;
            }
            _ => return Some((Path { leading_colon: None, segments }, rest)),
        }
    }
}

/// `<'a, Type, ..>`, or nothing.
fn generic_arguments(tokens: &[TokenTree]) -> Option<(PathArguments, &[TokenTree])> {
    let (lt_token, mut tokens) = match tokens {
        [TokenTree::Punct(less), rest @ ..] if less.as_char() == '<' => (Token![<](less.span()), rest),
        _ => return Some((PathArguments::None, tokens)),
    };
    let mut args = Punctuated::new();
    loop {
        let (argument, rest) = match lifetime(tokens) {
            (Some(lifetime), rest) => (GenericArgument::Lifetime(lifetime), rest),
            (None, rest) => {
                let (ty, rest) = ty(rest)?;
                (GenericArgument::Type(ty), rest)
            }
        };
        args.push_value(argument);
        let [TokenTree::Punct(punct), rest @ ..] = rest else { return None };
        match punct.as_char() {
            ',' => args.push_punct(Token![,](punct.span())),
            '>' => {
                let gt_token = Token![>](punct.span());
                let list = AngleBracketedGenericArguments { colon2_token: None, lt_token, args, gt_token };
                return Some((PathArguments::AngleBracketed(list), rest));
            }
            _ => return None,
        }
        tokens = rest;
    }
}
