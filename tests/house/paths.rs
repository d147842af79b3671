//! The paths in a source file that stay inside its crate, as rustc's lexer sees them: no comments, no strings.

use std::iter::Peekable;

use proc_macro2::token_stream::IntoIter;
use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A path from the root of the crate, such as `["policy", "retry", "Wait"]`; after `as`, with the new name.
pub(crate) type Absolute = Vec<String>;

/// Every path of `source` that starts with `crate`, `self` or `super`; `file` is where it stands in its `src` folder.
pub(crate) fn inside(file: &str, source: &str) -> Vec<Absolute> {
    let tokens = source.parse().unwrap_or_else(|error| panic!("{file}: {error}"));
    let mut found = Vec::new();
    walk(tokens, &mut module(file), &mut found);
    found
}

/// The module that a file holds.
fn module(file: &str) -> Absolute {
    let name = file.strip_suffix(".rs").unwrap_or(file);
    let name = name.strip_suffix("/mod").unwrap_or(name);
    name.split('/').filter(|segment| *segment != "lib").map(str::to_owned).collect()
}

fn walk(tokens: TokenStream, module: &mut Absolute, found: &mut Vec<Absolute>) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => walk(group.stream(), module, found),
            TokenTree::Ident(word) if word == "mod" => inline_module(&mut tokens, module, found),
            TokenTree::Ident(word) => {
                let start = match word.to_string().as_str() {
                    "crate" => Vec::new(),
                    "self" => module.clone(),
                    "super" => parent(module),
                    _ => continue,
                };
                if separator(&mut tokens) {
                    tree(&mut tokens, start, found);
                }
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// `mod name { .. }`, in which `super` is one step nearer.
fn inline_module(tokens: &mut Peekable<IntoIter>, module: &mut Absolute, found: &mut Vec<Absolute>) {
    let Some(TokenTree::Ident(name)) = tokens.next() else { return };
    if let Some(TokenTree::Group(body)) = tokens.next_if(|token| matches!(token, TokenTree::Group(_))) {
        module.push(name.to_string());
        walk(body.stream(), module, found);
        module.pop();
    }
}

/// What follows `prefix::`: a name and perhaps more, a list in braces, or a star.
fn tree(tokens: &mut Peekable<IntoIter>, mut prefix: Absolute, found: &mut Vec<Absolute>) {
    match tokens.next() {
        Some(TokenTree::Ident(name)) => {
            match name.to_string().as_str() {
                "super" => drop(prefix.pop()),
                "self" => {}
                name => prefix.push(name.to_owned()),
            }
            if separator(tokens) {
                return tree(tokens, prefix, found);
            }
            if tokens.next_if(|token| is_word(token, "as")).is_some()
                && let (Some(TokenTree::Ident(name)), Some(last)) = (tokens.next(), prefix.last_mut())
            {
                *last = name.to_string();
            }
            found.push(prefix);
        }
        Some(TokenTree::Group(list)) if list.delimiter() == Delimiter::Brace => {
            let mut tokens = list.stream().into_iter().peekable();
            while tokens.peek().is_some() {
                tree(&mut tokens, prefix.clone(), found);
                tokens.next_if(|token| is_punct(token, ','));
            }
        }
        // A star takes everything that the prefix has.
        _ => found.push(prefix),
    }
}

/// Takes `::`, if it comes next.
fn separator(tokens: &mut Peekable<IntoIter>) -> bool {
    // A single colon ends a name in a pattern or a field, and nothing of ours follows it.
    tokens.next_if(|token| is_punct(token, ':')).is_some()
        && tokens.next_if(|token| is_punct(token, ':')).is_some()
}

fn parent(module: &Absolute) -> Absolute {
    let mut parent = module.clone();
    parent.pop();
    parent
}

fn is_word(token: &TokenTree, expected: &str) -> bool {
    matches!(token, TokenTree::Ident(word) if word == expected)
}

fn is_punct(token: &TokenTree, expected: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == expected)
}

#[test]
fn paths_are_found_wherever_they_stand() {
    let found = |file, source| {
        let paths = inside(file, source).into_iter().map(|path| path.join("::"));
        paths.collect::<Vec<_>>().join(" ")
    };
    for (file, source, expected) in [
        ("a.rs", "use crate::b::C;", "b::C"),
        ("a.rs", "use crate::{b::{C, D as E, self}, f, g::*};", "b::C b::E b f g"),
        ("a.rs", "pub(crate) use self::b::C; pub(super) fn f(self: &Self) {}", "a::b::C"),
        ("a.rs", "fn f() { crate::b::c(crate::D, x::y) }", "b::c D"),
        ("a.rs", "macro_rules! m { () => { $crate::b::C } }", "b::C"),
        ("a.rs", "mod tests { use super::C; use super::super::b; }", "a::C b"),
        ("a.rs", "mod b; use super::C;", "C"),
        ("a/mod.rs", "use super::b::C;", "b::C"),
        ("a/b.rs", "use super::c; use super::super::d;", "a::c d"),
        ("lib.rs", "pub use self::a::{B, C as D};", "a::B a::D"),
        ("a.rs", "// crate::b\n/// [`crate::c`]\nconst X: &str = \"crate::d\"; fn f(x: super_::Y) {}", ""),
    ] {
        assert_eq!(found(file, source), expected, "{source}");
    }
}
