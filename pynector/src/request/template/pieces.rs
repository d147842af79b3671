//! A template cut into its pieces, once for all the calls of an operation.

use crate::request::percent::{Part, push_literal};

/// What a template consists of, in the order in which it is written.
#[derive(Debug, Default)]
pub(crate) struct Template {
    pieces: Vec<Piece>,
    /// How many bytes the literals have.
    pub(super) written: usize,
    /// Whether a literal holds what a dot could be made of.
    pub(super) dotted: bool,
}

#[derive(Debug)]
pub(super) enum Piece {
    /// Text as it stands in a URL.
    Literal(Box<str>),
    /// The `?` that ends the path.
    Query,
    Place(Placeholder),
    /// A brace without its partner.
    Broken,
}

/// One placeholder: `{name}`, `{name?}` or `{*name}`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placeholder {
    pub(super) name: &'static str,
    pub(super) optional: bool,
    pub(super) greedy: bool,
    /// Whether it comes again, and needs the same value then.
    pub(super) again: bool,
}

impl Template {
    /// Cuts `text`; what is wrong with it is told when it is written.
    pub(crate) fn parse(text: &'static str) -> Self {
        let mut cut = Cut { pieces: Vec::new(), literal: String::new(), part: Part::Path };
        if !(text.is_empty() || text.starts_with(['/', '?'])) {
            cut.literal.push('/');
        }
        cut.all(text);
        let mut pieces = cut.pieces;
        mark_repeated(&mut pieces);
        let literals = || pieces.iter().filter_map(Piece::literal);
        let written = literals().map(str::len).sum::<usize>() + 1;
        let dotted = literals().any(|text| text.contains(['.', '%']));
        Self { pieces, written, dotted }
    }

    pub(super) fn get(&self, at: usize) -> Option<&Piece> {
        self.pieces.get(at)
    }
}

impl Piece {
    fn literal(&self) -> Option<&str> {
        if let Self::Literal(text) = self { Some(text) } else { None }
    }
}

impl Placeholder {
    /// Reads what stands between the braces.
    fn read(text: &'static str) -> Self {
        let (greedy, optional) = (text.strip_prefix('*'), text.strip_suffix('?'));
        let name = greedy.or(optional).unwrap_or(text);
        Self { name, optional: optional.is_some(), greedy: greedy.is_some(), again: false }
    }
}

fn mark_repeated(pieces: &mut [Piece]) {
    let mut later: Vec<&str> = Vec::new();
    for piece in pieces.iter_mut().rev() {
        if let Piece::Place(place) = piece {
            place.again = later.contains(&place.name);
            later.push(place.name);
        }
    }
}

/// Pieces, and the literal that is gathered for the next one.
struct Cut {
    pieces: Vec<Piece>,
    literal: String,
    part: Part,
}

impl Cut {
    fn all(&mut self, mut rest: &'static str) {
        while let Some(at) = rest.find(['{', '}', '?']) {
            let (literal, from) = rest.split_at(at);
            push_literal(&mut self.literal, literal, self.part);
            rest = if let Some(rest) = from.strip_prefix("{{") {
                self.literal.push_str("%7B");
                rest
            } else if let Some(rest) = from.strip_prefix("}}") {
                self.literal.push_str("%7D");
                rest
            } else if let Some(rest) = from.strip_prefix('?') {
                self.question(rest)
            } else if let Some((text, rest)) = from.strip_prefix('{').and_then(|from| from.split_once('}')) {
                self.end_literal();
                self.pieces.push(Piece::Place(Placeholder::read(text)));
                rest
            } else {
                self.end_literal();
                self.pieces.push(Piece::Broken);
                return;
            };
        }
        push_literal(&mut self.literal, rest, self.part);
        self.end_literal();
    }

    /// The first `?` of the template ends the path; later ones are part of the query.
    fn question(&mut self, rest: &'static str) -> &'static str {
        if self.part == Part::Query {
            self.literal.push('?');
        } else {
            self.end_literal();
            self.pieces.push(Piece::Query);
            self.part = Part::Query;
        }
        rest
    }

    fn end_literal(&mut self) {
        if !self.literal.is_empty() {
            self.pieces.push(Piece::Literal(std::mem::take(&mut self.literal).into_boxed_str()));
        }
    }
}
