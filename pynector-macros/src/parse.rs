//! Reads a trait: methods as nearly all are written, without the detours that `syn` makes for whatever else may stand.
//!
//! It reads of a method what record 0223 says, and leaves the rest to `syn`.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use syn::parse::discouraged::Speculative as _;
use syn::parse::{ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::{
    Attribute, FnArg, FnModifiers, Generics, ItemTrait, Pat, PatIdent, PatType, Safety, Signature, Token,
    TraitItem, TraitItemFn, parenthesized, token,
};

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
    read.items = items.parse2(body.stream()).ok()?;
    Some(read)
}

fn items(input: ParseStream<'_>) -> syn::Result<Vec<TraitItem>> {
    let mut items = Vec::new();
    while !input.is_empty() {
        let ahead = input.fork();
        items.push(match method(&ahead)? {
            Some(method) => {
                input.advance_to(&ahead);
                TraitItem::Fn(method)
            }
            None => input.parse()?,
        });
    }
    Ok(items)
}

/// `#[..] async fn name(..) -> Type;`, or something else.
fn method(input: ParseStream<'_>) -> syn::Result<Option<TraitItemFn>> {
    let attrs = input.call(Attribute::parse_outer)?;
    if !(input.peek(Token![async]) && input.peek2(Token![fn])) {
        return Ok(None);
    }
    let (asyncness, fn_token, ident) = (Some(input.parse()?), input.parse()?, input.parse()?);
    if !input.peek(token::Paren) {
        return Ok(None);
    }
    let arguments;
    let paren_token = parenthesized!(arguments in input);
    let inputs = Punctuated::parse_terminated_with(&arguments, argument)?;
    let output = input.parse()?;
    if !input.peek(Token![;]) || inputs.iter().skip(1).any(|input| matches!(input, FnArg::Receiver(_))) {
        return Ok(None);
    }
    let sig = Signature {
        constness: None,
        asyncness,
        safety: Safety::Default,
        abi: None,
        fn_token,
        ident,
        generics: Generics::default(),
        paren_token,
        inputs,
        variadic: None,
        output,
    };
    let (modifiers, semi_token) = (FnModifiers::default(), Some(input.parse()?));
    Ok(Some(TraitItemFn { attrs, modifiers, sig, default: None, semi_token }))
}

/// `#[..] name: Type`, or whatever else an argument can be.
fn argument(input: ParseStream<'_>) -> syn::Result<FnArg> {
    let attrs = input.call(Attribute::parse_outer)?;
    if input.peek(syn::Ident) && input.peek2(Token![:]) && !input.peek2(Token![::]) {
        let ident: Ident = input.parse()?;
        let pat = PatIdent { attrs: Vec::new(), by_ref: None, mutability: None, ident, subpat: None };
        let (pat, colon_token) = (Box::new(Pat::Ident(pat)), input.parse()?);
        return Ok(FnArg::Typed(PatType { attrs, pat, colon_token, ty: input.parse()? }));
    }
    let mut argument = input.parse()?;
    match &mut argument {
        FnArg::Receiver(receiver) => receiver.attrs = attrs,
        FnArg::Typed(typed) => typed.attrs = attrs,
    }
    Ok(argument)
}

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;
    use quote::ToTokens as _;
    use syn::ItemTrait;

    use super::{by_items, item_trait};

    /// By us, where we read it, and by `syn`.
    fn both(item: &str) -> (Option<String>, Result<String, String>) {
        let tokens: TokenStream = item.parse().unwrap();
        let written = |item: ItemTrait| item.to_token_stream().to_string();
        let ours = by_items(tokens.clone()).map(written);
        (ours, syn::parse2(tokens).map(written).map_err(|error| error.to_string()))
    }

    #[test]
    fn whatever_a_trait_holds_is_what_syn_reads() {
        let items = [
            "#[doc = \"Says.\"] #[get(\"/a\")] async fn a(&self, id: u64, #[query] page: Option<u32>) -> Result<Vec<A>>;",
            "async fn a(self: std::sync::Arc<Self>, #[x] mut b: u8, (c, d): (u8, u8), _: &'static str,) -> A;",
            "async fn a(&mut self); async fn b(#[cfg(c)] &self, e: impl Fn(u8) -> u8);",
            "async fn a<'a, T: Send>(&'a self, b: T) -> A<'a> where T: Sync;",
            "async fn a(&self) -> A where Self: Sized; async fn b(&self) -> B { self.a().await } fn c(&self) -> u8;",
            "async unsafe fn a(); const fn b(); unsafe extern \"C\" fn c(d: u8, ...);",
            "const A: u8 = 1; type B: Send = C; made! { up } d::e!();",
        ];
        for item in items {
            for head in ["trait A", "#[b] pub(crate) unsafe trait A<T: B>: C + D where T: Send"] {
                let (ours, known) = both(&format!("{head} {{ {item} }}"));
                assert_eq!(ours, Some(known.unwrap()), "{item}");
            }
        }
    }

    #[test]
    fn what_is_no_trait_is_said_by_syn() {
        let items = [
            "struct A { b: u8 }",
            "trait A { async fn a(&self) }",
            "trait A { async fn a(b: u8, &self); }",
            "trait A { async fn a(&self, ...); }",
            "trait A { async fn a(&self, b) -> A; }",
            "trait A { async fn a(&self) -> A }",
            "trait A = B;",
        ];
        for item in items {
            let (ours, known) = both(item);
            assert_eq!(ours, None, "{item}");
            let read = item_trait(item.parse().unwrap());
            assert_eq!(read.map(|_| ()).map_err(|error| error.to_string()), known.map(drop), "{item}");
        }
    }
}
