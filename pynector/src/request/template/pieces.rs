//! A template cut into its pieces, once for all the calls of an operation.

use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

use crate::request::percent::{Part, push_literal};

/// Room for a few values, so that most URLs need one allocation.
const VALUES: usize = 48;

/// At most this much is given to a URL because another one needed it.
const MOST_ROOM: usize = 512;

/// What a template consists of, in the order in which it is written.
#[derive(Debug, Default)]
pub(crate) struct Template {
    pieces: Box<[Piece]>,
    /// How many bytes the literals have.
    written: usize,
    /// Whether a literal holds what a dot could be made of.
    pub(super) dotted: bool,
    /// How long the longest URL was, without scheme and host; 0 until there was one.
    longest: AtomicUsize,
}

/// Text as it stands in a URL, maybe none, and what comes behind it.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) literal: Box<str>,
    pub(super) then: Then,
}

#[derive(Debug)]
pub(super) enum Then {
    Place(Placeholder),
    /// The `?` that ends the path.
    Query,
    /// A brace without its partner.
    Broken,
    End,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `{name}`
    Plain,
    /// `{name?}`
    Optional,
    /// `{*name}`
    Greedy,
}

/// One placeholder.
#[derive(Debug)]
pub(super) struct Placeholder {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// Whether it comes again, and needs the same value then.
    pub(super) again: bool,
    /// Whether it came before.
    pub(super) before: bool,
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
        let written = pieces.iter().map(|piece| piece.literal.len()).sum::<usize>() + 1;
        let dotted = pieces.iter().any(|piece| piece.literal.contains(['.', '%']));
        Self { pieces: pieces.into(), written, dotted, longest: AtomicUsize::new(0) }
    }

    /// How much room a URL is given at first: as much as the longest one took. It then does not grow, and one that fills its
    /// room is taken over by the request as it is, where one that does not is an allocation more.
    pub(super) fn room(&self, prefix: &str) -> usize {
        match self.longest.load(Relaxed) {
            0 => prefix.len() + self.written + VALUES,
            longest => longest,
        }
    }

    /// A URL took `bytes`.
    pub(super) fn took(&self, bytes: usize) {
        let longest = bytes.min(MOST_ROOM);
        // Threads that only read it do not wait for each other.
        if longest > self.longest.load(Relaxed) {
            self.longest.store(longest, Relaxed);
        }
    }

    pub(super) fn get(&self, at: u32) -> Option<&Piece> {
        self.pieces.get(at as usize)
    }
}

impl Piece {
    fn place(&mut self) -> Option<&mut Placeholder> {
        if let Then::Place(place) = &mut self.then { Some(place) } else { None }
    }
}

impl Placeholder {
    /// Reads what stands between the braces.
    fn read(text: &'static str) -> Self {
        let (greedy, optional) = (text.strip_prefix('*'), text.strip_suffix('?'));
        let name = greedy.or(optional).unwrap_or(text);
        let kind = match (greedy, optional) {
            (Some(_), _) => Kind::Greedy,
            (None, Some(_)) => Kind::Optional,
            (None, None) => Kind::Plain,
        };
        Self { name, kind, again: false, before: false }
    }
}

fn mark_repeated(pieces: &mut [Piece]) {
    let mut places: Vec<&mut Placeholder> = pieces.iter_mut().filter_map(Piece::place).collect();
    let names: Vec<&str> = places.iter().map(|place| place.name).collect();
    for (at, place) in places.iter_mut().enumerate() {
        place.again = names.get(at + 1..).unwrap_or_default().contains(&place.name);
        place.before = names.get(..at).unwrap_or_default().contains(&place.name);
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
                self.end_piece(Then::Place(Placeholder::read(text)));
                rest
            } else {
                self.end_piece(Then::Broken);
                return;
            };
        }
        push_literal(&mut self.literal, rest, self.part);
        self.end_piece(Then::End);
    }

    /// The first `?` of the template ends the path; later ones are part of the query.
    fn question(&mut self, rest: &'static str) -> &'static str {
        if self.part == Part::Query {
            self.literal.push('?');
        } else {
            self.end_piece(Then::Query);
            self.part = Part::Query;
        }
        rest
    }

    fn end_piece(&mut self, then: Then) {
        let literal = std::mem::take(&mut self.literal).into_boxed_str();
        self.pieces.push(Piece { literal, then });
    }
}
