//! Attributes → typed, spanned values; every list of keys is closed.

pub(crate) mod api;
mod duration;
pub(crate) mod error;
mod header;
mod idempotency;
mod limits;
mod paginate;
pub(crate) mod place;
mod policy;
mod prefix;
mod settings;
mod size;
pub(crate) mod status;
pub(crate) mod stream;
mod url;
mod value;
pub(crate) mod verb;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, LitStr, Meta};

use crate::diagnostics::Diagnostics;
use crate::names;
use crate::suggest;

/// One entry of a list of keys: `key`, `key = value` or `key(list)`.
pub(crate) struct Entry {
    key: Ident,
    value: Value,
}

/// What follows a key.
enum Value {
    Flag,
    Equals(TokenStream),
    List(TokenStream),
}

/// The entries of one list, all known and each once.
pub(crate) struct Keys<'a> {
    entries: Vec<Entry>,
    errors: &'a Diagnostics,
}

/// A closed list: who owns it, its keys, and keys that belong elsewhere with the place they belong to.
pub(crate) struct Closed<'a> {
    pub(crate) owner: &'a str,
    pub(crate) keys: &'a [&'a str],
    pub(crate) elsewhere: &'a [(&'a [&'a str], &'a str)],
}

impl Entry {
    fn name(&self) -> String {
        names::plain(&self.key)
    }

    /// Where an error about the value stands: at its first token, else at the key.
    fn span(&self) -> Span {
        match &self.value {
            Value::Flag => self.key.span(),
            Value::Equals(tokens) | Value::List(tokens) => first_span(tokens).unwrap_or(self.key.span()),
        }
    }
}

impl Parse for Entry {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let span = input.span();
        let no_key = |_| syn::Error::new(span, "a key stands here, as in `timeout = \"10s\"`");
        let key = input.call(Ident::parse_any).map_err(no_key)?;
        if input.is_empty() {
            return Ok(Self { key, value: Value::Flag });
        }
        if input.peek(syn::token::Paren) {
            let list;
            syn::parenthesized!(list in input);
            let value = Value::List(list.parse()?);
            return if input.is_empty() {
                Ok(Self { key, value })
            } else {
                Err(input.error("a `,` is missing before this"))
            };
        }
        if !input.peek(syn::Token![=]) {
            return Err(input.error(format!("`{key}` is followed by `,`, `= value` or `(..)`")));
        }
        input.parse::<syn::Token![=]>()?;
        Ok(Self { key, value: Value::Equals(input.parse()?) })
    }
}

impl<'a> Keys<'a> {
    /// Reads a list of keys; what is wrong with one entry is reported and costs that entry alone.
    pub(crate) fn parse(tokens: TokenStream, closed: &Closed<'_>, errors: &'a Diagnostics) -> Self {
        let mut entries: Vec<Entry> = Vec::new();
        for part in split(tokens) {
            match syn::parse2::<Entry>(part) {
                Err(error) => errors.push(error),
                Ok(entry) if !closed.keys.contains(&entry.name().as_str()) => {
                    errors.error(entry.key.span(), closed.refuse(&entry.name()));
                }
                Ok(entry) if entries.iter().any(|known| known.key == entry.key) => {
                    errors
                        .error(entry.key.span(), format!("`{}` stands here twice: write it once", entry.key));
                }
                Ok(entry) => entries.push(entry),
            }
        }
        Self { entries, errors }
    }

    /// The entry of `key`, if it was written.
    fn take(&mut self, key: &str) -> Option<Entry> {
        let at = self.entries.iter().position(|entry| entry.name() == key)?;
        Some(self.entries.remove(at))
    }
}

impl Closed<'_> {
    /// The message for a key that is not in the list.
    fn refuse(&self, key: &str) -> String {
        let owner = self.owner;
        if let Some((_, place)) = self.elsewhere.iter().find(|(keys, _)| keys.contains(&key)) {
            return format!("`{key}` belongs in {place}, not in {owner}");
        }
        let keys = match self.keys {
            [only] => format!("key is `{only}`"),
            keys => format!("keys are {}", suggest::list(keys.iter().copied())),
        };
        match suggest::closest(key, self.keys.iter().copied()) {
            Some(meant) => format!("{owner} has no key `{key}`: did you mean `{meant}`? Its {keys}"),
            None => format!("{owner} has no key `{key}`: its {keys}"),
        }
    }
}

/// Takes away the invisible delimiters in which a `macro_rules!` passes on what it matched: nothing in an attribute depends
/// on them.
pub(crate) fn ungroup(tokens: TokenStream) -> TokenStream {
    let ungrouped = |token| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => ungroup(group.stream()),
        TokenTree::Group(group) => {
            let mut inner = Group::new(group.delimiter(), ungroup(group.stream()));
            inner.set_span(group.span());
            TokenTree::Group(inner).into()
        }
        token => TokenStream::from(token),
    };
    tokens.into_iter().flat_map(ungrouped).collect()
}

/// Does so in the attributes that may be ours.
pub(crate) fn ungroup_all(attrs: &mut [Attribute]) {
    for attr in attrs {
        if let Meta::List(list) = &mut attr.meta
            && list.tokens.clone().into_iter().any(|token| matches!(token, TokenTree::Group(_)))
        {
            list.tokens = ungroup(list.tokens.clone());
        }
    }
}

/// The parts of a list, without the commas; empty parts are dropped, so that a trailing comma is free. A comma between
/// `<` and `>` belongs to a type.
pub(crate) fn split(tokens: TokenStream) -> Vec<TokenStream> {
    let mut parts = vec![TokenStream::new()];
    let (mut depth, mut arrow) = (0_usize, false);
    for token in tokens {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == ',' && depth == 0 => parts.push(TokenStream::new()),
            token => {
                if let TokenTree::Punct(punct) = &token {
                    match punct.as_char() {
                        '<' => depth += 1,
                        '>' if !arrow => depth = depth.saturating_sub(1),
                        _ => {}
                    }
                    arrow = punct.as_char() == '-';
                }
                if let Some(part) = parts.last_mut() {
                    part.extend([token]);
                }
            }
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

fn first_span(tokens: &TokenStream) -> Option<Span> {
    tokens.clone().into_iter().next().map(|token| token.span())
}

/// Whether a list of arguments starts with a text in quotes.
fn starts_with_text(tokens: &TokenStream) -> bool {
    match tokens.clone().into_iter().next() {
        Some(TokenTree::Literal(literal)) => {
            syn::parse2::<LitStr>(TokenTree::Literal(literal).into()).is_ok()
        }
        _ => false,
    }
}
