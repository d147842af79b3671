//! Reads a trait: methods as nearly all are written from their tokens, and whatever else a trait may hold by `syn`.
//!
//! `syn` tries each form that an item, an argument and a type may have, and the macro runs unoptimised whenever a crate is
//! checked (record 0228). What is not the usual form is `None`, and `syn`'s.

mod types;

use proc_macro2::{Delimiter, Group, Punct, TokenStream, TokenTree};
use syn::punctuated::Punctuated;
use syn::{
    AttrStyle, Attribute, FnArg, FnModifiers, Generics, ItemTrait, MacroDelimiter, Meta, MetaList, Pat,
    PatIdent, PatType, Receiver, ReceiverKind, ReturnType, Safety, Signature, Token, TraitItem, TraitItemFn,
    token,
};

use self::types::ty;

/// What `syn` reads; it has the last word on what is no trait.
pub(crate) fn item_trait(item: TokenStream) -> syn::Result<ItemTrait> {
    match by_items(item.clone()) {
        Some(item) => Ok(item),
        None => syn::parse2(item),
    }
}

/// The head by `syn`, over no items, and then those.
fn by_items(item: TokenStream) -> Option<ItemTrait> {
    let mut head: Vec<TokenTree> = item.into_iter().collect();
    let body = match head.pop()? {
        TokenTree::Group(body) if body.delimiter() == Delimiter::Brace => body,
        _ => return None,
    };
    let mut empty = Group::new(Delimiter::Brace, TokenStream::new());
    empty.set_span(body.span());
    head.push(empty.into());
    let mut read: ItemTrait = syn::parse2(head.into_iter().collect()).ok()?;
    let body = trees(&body);
    let mut rest = &*body;
    while !rest.is_empty() {
        let (item, after) = method(rest).or_else(|| other(rest))?;
        read.items.push(item);
        rest = after;
    }
    Some(read)
}

fn trees(group: &Group) -> Vec<TokenTree> {
    group.stream().into_iter().collect()
}

/// Any item that ends at its first `;` or with its first braces, by `syn`.
fn other(tokens: &[TokenTree]) -> Option<(TraitItem, &[TokenTree])> {
    let ends = |token: &TokenTree| match token {
        TokenTree::Punct(punct) => punct.as_char() == ';',
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        _ => false,
    };
    let (item, rest) = tokens.split_at(tokens.iter().position(ends)? + 1);
    Some((syn::parse2(item.iter().cloned().collect()).ok()?, rest))
}

/// `#[..] async fn name(..) -> Type;`
fn method(tokens: &[TokenTree]) -> Option<(TraitItem, &[TokenTree])> {
    let (attrs, tokens) = attributes(tokens)?;
    let [
        TokenTree::Ident(asyncness),
        TokenTree::Ident(function),
        TokenTree::Ident(name),
        TokenTree::Group(inputs),
        TokenTree::Punct(minus),
        TokenTree::Punct(more),
        tokens @ ..,
    ] = tokens
    else {
        return None;
    };
    let (output, tokens) = ty(tokens)?;
    let [TokenTree::Punct(semi), tokens @ ..] = tokens else { return None };
    let punctuation = [minus, more, semi].map(Punct::as_char);
    if asyncness != "async"
        || function != "fn"
        || inputs.delimiter() != Delimiter::Parenthesis
        || punctuation != ['-', '>', ';']
    {
        return None;
    }
    let arrow = Token![->]([minus.span(), more.span()]);
    let sig = Signature {
        constness: None,
        asyncness: Some(Token![async](asyncness.span())),
        safety: Safety::Default,
        abi: None,
        fn_token: Token![fn](function.span()),
        ident: name.clone(),
        generics: Generics::default(),
        paren_token: token::Paren(inputs.delim_span()),
        inputs: arguments(&trees(inputs))?,
        variadic: None,
        output: ReturnType::Type(arrow, Box::new(output)),
    };
    let (modifiers, semi_token) = (FnModifiers::default(), Some(Token![;](semi.span())));
    Some((TraitItem::Fn(TraitItemFn { attrs, modifiers, sig, default: None, semi_token }), tokens))
}

/// `#[..] #[..]`, or nothing.
fn attributes(mut tokens: &[TokenTree]) -> Option<(Vec<Attribute>, &[TokenTree])> {
    let mut attrs = Vec::new();
    while let [TokenTree::Punct(pound), TokenTree::Group(inner), rest @ ..] = tokens
        && pound.as_char() == '#'
    {
        attrs.push(attribute(pound, inner)?);
        tokens = rest;
    }
    Some((attrs, tokens))
}

fn attribute(pound: &Punct, inner: &Group) -> Option<Attribute> {
    let meta = match &*trees(inner) {
        [TokenTree::Ident(name), TokenTree::Group(list)] => Meta::List(MetaList {
            path: name.clone().into(),
            delimiter: match list.delimiter() {
                Delimiter::Parenthesis => MacroDelimiter::Paren(token::Paren(list.delim_span())),
                Delimiter::Bracket => MacroDelimiter::Bracket(token::Bracket(list.delim_span())),
                Delimiter::Brace => MacroDelimiter::Brace(token::Brace(list.delim_span())),
                Delimiter::None => return None,
            },
            tokens: list.stream(),
        }),
        _ => syn::parse2(inner.stream()).ok()?,
    };
    Some(Attribute {
        pound_token: Token![#](pound.span()),
        style: AttrStyle::Outer,
        bracket_token: token::Bracket(inner.delim_span()),
        meta,
    })
}

/// `&self, name: Type, ..`
fn arguments(mut tokens: &[TokenTree]) -> Option<Punctuated<FnArg, Token![,]>> {
    let mut arguments = Punctuated::new();
    while !tokens.is_empty() {
        let (argument, rest) = argument(tokens)?;
        arguments.push_value(argument);
        tokens = match rest {
            [] => rest,
            [TokenTree::Punct(comma), rest @ ..] if comma.as_char() == ',' => {
                arguments.push_punct(Token![,](comma.span()));
                rest
            }
            _ => return None,
        };
    }
    Some(arguments)
}

/// `#[..] &self`, or `#[..] name: Type`
fn argument(tokens: &[TokenTree]) -> Option<(FnArg, &[TokenTree])> {
    let (attrs, tokens) = attributes(tokens)?;
    match tokens {
        [TokenTree::Punct(and), TokenTree::Ident(this), rest @ ..]
            if and.as_char() == '&' && this == "self" =>
        {
            let kind = ReceiverKind::Reference(Token![&](and.span()), None, None);
            let self_token = Token![self](this.span());
            Some((FnArg::Receiver(Receiver { attrs, mutability: None, self_token, kind }), rest))
        }
        [TokenTree::Ident(name), TokenTree::Punct(colon), rest @ ..] if colon.as_char() == ':' => {
            if name == "self" || name == "_" {
                return None;
            }
            let (ty, rest) = ty(rest)?;
            let ident = name.clone();
            let pat = PatIdent { attrs: Vec::new(), by_ref: None, mutability: None, ident, subpat: None };
            let (pat, colon_token) = (Box::new(Pat::Ident(pat)), Token![:](colon.span()));
            Some((FnArg::Typed(PatType { attrs, pat, colon_token, ty: Box::new(ty) }), rest))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::mem::{Discriminant, discriminant};

    use proc_macro2::{TokenStream, TokenTree};
    use quote::{ToTokens as _, quote};
    use syn::{FnArg, ItemTrait, ReturnType, TraitItem, Type};

    use super::{by_items, item_trait, method};

    /// By us, where we read it, and by `syn`.
    fn both(item: &str) -> (Option<ItemTrait>, Result<ItemTrait, String>) {
        both_of(item.parse().unwrap())
    }

    fn both_of(tokens: TokenStream) -> (Option<ItemTrait>, Result<ItemTrait, String>) {
        (by_items(tokens.clone()), syn::parse2(tokens).map_err(|error| error.to_string()))
    }

    /// What each type of a trait's methods is.
    fn types(item: &ItemTrait) -> Vec<Discriminant<Type>> {
        let mut types = Vec::new();
        for item in &item.items {
            let TraitItem::Fn(method) = item else { continue };
            types.extend(method.sig.inputs.iter().filter_map(|input| match input {
                FnArg::Typed(input) => Some(discriminant(&*input.ty)),
                FnArg::Receiver(_) => None,
            }));
            if let ReturnType::Type(_, ty) = &method.sig.output {
                types.push(discriminant(ty));
            }
        }
        types
    }

    const USUAL: [&str; 6] = [
        "#[get(\"/a\")] async fn a(&self) -> Result<()>;",
        "#[doc = \"Says.\"] #[get(\"/a\")] async fn a(&self, id: u64, #[query] page: Option<u32>) -> Result<Vec<A>>;",
        "#[a] #[b[c]] #[d { e }] #[f = 1] #[g::h(i)] async fn a(#[j] &self,) -> k::L<m::N<O, P>, Q>;",
        "async fn a(&self, b: &str, c: &'static str, d: &&B<'_>, e: &C<'a, &'b D>) -> E<'a>;",
        "async fn r#a(&self, r#b: crate::C, c: self::D<super::E>) -> Self;",
        "async fn a(b: u8) -> B;",
    ];

    /// One parameter each that we leave to `syn`.
    const PARAMETERS: [&str; 28] = [
        "self: std::sync::Arc<Self>",
        "&mut self",
        "mut a: A",
        "(a, b): (A, B)",
        "_: A",
        "&(a): &u8",
        "A::B: A",
        "a: impl Fn(u8) -> u8",
        "a: dyn A",
        "a: dyn ::A",
        "a: impl ::A",
        "a: Box<dyn A + Send>",
        "a: &mut A",
        "a: [u8; 2]",
        "a: Vec<(u8,)>",
        "a: A<B: 'static>",
        "a: A<B = C>",
        "a: A<3>",
        "a: A<B,>",
        "a: a!()",
        "a: A::<B>",
        "a: ::a::B",
        "a: <A as B>::C",
        "a: Box<dyn Fn(A) -> B>",
        "a: fn(A) -> B",
        "a: for<'b> fn(&'b A)",
        "a: *const A",
        "...",
    ];

    const OTHERS: [&str; 15] = [
        "async fn a(&self);",
        "async fn a(&self) -> !;",
        "async fn a(&self) -> impl ::A;",
        "async fn a(&self) -> (A, B);",
        "async fn a(&self) -> a!();",
        "async fn a<'a, T: Send>(&'a self, b: T) -> A<'a> where T: Sync;",
        "async fn a(&self) -> A where Self: Sized;",
        "async fn a(&self) -> A { self.a().await }",
        "async unsafe fn a() -> A;",
        "const fn b() -> B;",
        "unsafe extern \"C\" fn c(d: u8) -> A;",
        "const A: u8 = 1;",
        "type B: Send = C;",
        "made! { up }",
        "d::e!();",
    ];

    fn others() -> Vec<String> {
        let methods = PARAMETERS.iter().map(|parameter| format!("async fn a({parameter}) -> A;"));
        methods.chain(OTHERS.map(str::to_owned)).collect()
    }

    #[test]
    fn whatever_a_trait_holds_is_what_syn_reads() {
        let others = others();
        let alone = USUAL.into_iter().chain(others.iter().map(String::as_str));
        for items in alone.chain([&*USUAL.join(" "), &others.join(" ")]) {
            for head in ["trait A", "#[b] pub(crate) unsafe trait A<T: B>: C + D where T: Send"] {
                let (ours, known) = both(&format!("{head} {{ {items} }}"));
                let known = known.expect(items);
                let ours = ours.expect(items);
                assert_eq!(types(&ours), types(&known), "{items}");
                assert_eq!(ours.to_token_stream().to_string(), known.to_token_stream().to_string());
            }
        }
    }

    /// An editor expands what is half written.
    #[test]
    fn a_method_that_lacks_a_token_is_read_as_syn_reads_it_or_not_at_all() {
        let mut read = 0;
        for item in USUAL {
            let tokens: Vec<TokenTree> = item.parse::<TokenStream>().unwrap().into_iter().collect();
            for gone in 0..tokens.len() {
                let mut half = tokens.clone();
                half.remove(gone);
                let half: TokenStream = half.into_iter().collect();
                if let (Some(ours), Ok(known)) = both_of(quote!(trait A { #half })) {
                    assert_eq!(ours.to_token_stream().to_string(), known.to_token_stream().to_string());
                    read += 1;
                }
            }
        }
        assert!(read > 0);
    }

    #[test]
    fn an_item_with_braces_before_its_end_leaves_the_trait_to_syn() {
        let (ours, known) = both("trait A { async fn a(&self) -> B<{ 4 }>; const C: u8 = { 5 }; }");
        assert!(ours.is_none() && known.is_ok());
    }

    #[test]
    fn only_the_usual_methods_are_read_from_their_tokens() {
        let left = |item: &str| {
            let tokens: Vec<TokenTree> = item.parse::<TokenStream>().unwrap().into_iter().collect();
            method(&tokens).map(|(_, rest)| rest.len())
        };
        for item in USUAL {
            assert_eq!(left(item), Some(0), "{item}");
        }
        for item in others() {
            assert_eq!(left(&item), None, "{item}");
        }
    }

    #[test]
    fn what_is_no_trait_is_said_by_syn() {
        let items = [
            "struct A { b: u8 }",
            "trait A { async fn a(&self) }",
            "trait A { async fn a(b: u8, &self) -> B }",
            "trait A { async fn a(&self, b) -> A; }",
            "trait A { async fn a(&self b: C) -> A; }",
            "trait A { async fn a(&self) -> A }",
            "trait A = B;",
        ];
        for item in items {
            let (ours, known) = both(item);
            assert!(ours.is_none(), "{item}");
            let read = item_trait(item.parse().unwrap()).map_err(|error| error.to_string());
            assert_eq!(read.err(), known.err(), "{item}");
        }
    }
}
