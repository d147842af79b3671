//! A constant set of HTTP status codes, kept as bits.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, SeqAccess, Visitor};
use serde::ser::{self, Serialize, SerializeSeq, Serializer};

use super::Invalid;

/// The lowest status code there is (RFC 9110 §15).
const FIRST: u16 = 100;
/// The highest status code there is (RFC 9110 §15).
const LAST: u16 = 599;
const FIELD: &str = "retry.status_codes";
const RULE: &str = "be status codes from 100 to 599, the first of a range not above its last";

/// A set of HTTP status codes from 100 to 599, usable in constants.
///
/// ```
/// # use pynector::StatusCodes;
/// const RETRIED: StatusCodes = StatusCodes::of(&[429, 500]).range(502, 504);
/// assert!(RETRIED.contains(503));
/// assert!(!RETRIED.contains(501));
/// ```
///
/// A code outside 100–599 or a reversed range adds nothing to the set, but is remembered: building a client with
/// such a set is an error (CFG-1). In a configuration file the set is a list of numbers and of strings such as
/// `"502-504"`. An empty set switches retries by status off (CFG-2).
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct StatusCodes {
    words: [u64; 8],
    /// The first range that was refused; a single code is a range of one.
    refused: Option<(u16, u16)>,
}

impl StatusCodes {
    /// The set without any code.
    pub const fn empty() -> Self {
        Self { words: [0; 8], refused: None }
    }

    /// The set of `codes`.
    pub const fn of(codes: &[u16]) -> Self {
        let mut set = Self::empty();
        let mut rest = codes;
        while let [code, tail @ ..] = rest {
            set = set.range(*code, *code);
            rest = tail;
        }
        set
    }

    /// Adds the codes from `first` to `last`, both included.
    pub const fn range(mut self, first: u16, last: u16) -> Self {
        if first < FIRST || last > LAST || first > last {
            if self.refused.is_none() {
                self.refused = Some((first, last));
            }
            return self;
        }
        let mut code = first;
        while code <= last {
            self.insert(code - FIRST);
            code += 1;
        }
        self
    }

    /// Whether no code is in the set.
    pub(crate) const fn is_empty(&self) -> bool {
        let mut words: &[u64] = &self.words;
        while let [word, rest @ ..] = words {
            if *word != 0 {
                return false;
            }
            words = rest;
        }
        true
    }

    /// Whether `code` is in the set.
    pub const fn contains(&self, code: u16) -> bool {
        if code < FIRST {
            return false;
        }
        let bit = code - FIRST;
        let mut skip = bit / 64;
        let mut words: &[u64] = &self.words;
        while let [word, rest @ ..] = words {
            if skip == 0 {
                return *word & (1 << (bit % 64)) != 0;
            }
            skip -= 1;
            words = rest;
        }
        false
    }

    /// The codes of the set in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = u16> + '_ {
        (FIRST..=LAST).filter(|code| self.contains(*code))
    }

    /// Refuses a set that was asked to hold what is no status code (CFG-1).
    pub(crate) fn validate(&self) -> Result<(), Invalid> {
        match self.refused {
            None => Ok(()),
            Some((first, last)) => {
                Err(Invalid { field: FIELD, value: Range { first, last }.to_string(), rule: RULE })
            }
        }
    }

    const fn insert(&mut self, bit: u16) {
        let mut skip = bit / 64;
        let mut words: &mut [u64] = &mut self.words;
        while let [word, rest @ ..] = words {
            if skip == 0 {
                *word |= 1 << (bit % 64);
                return;
            }
            skip -= 1;
            words = rest;
        }
    }

    fn ranges(&self) -> impl Iterator<Item = Range> + '_ {
        let mut codes = self.iter().peekable();
        std::iter::from_fn(move || {
            let first = codes.next()?;
            let mut last = first;
            while let Some(next) = codes.next_if(|next| *next == last + 1) {
                last = next;
            }
            Some(Range { first, last })
        })
    }
}

/// Codes that follow each other, both ends included.
#[derive(Clone, Copy)]
struct Range {
    first: u16,
    last: u16,
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last {
            write!(f, "{}", self.first)
        } else {
            write!(f, "{}-{}", self.first, self.last)
        }
    }
}

impl fmt::Debug for StatusCodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut set = f.debug_set();
        for range in self.ranges() {
            set.entry(&format_args!("{range}"));
        }
        if let Some((first, last)) = self.refused {
            set.entry(&format_args!("refused {}", Range { first, last }));
        }
        set.finish()
    }
}

impl Serialize for StatusCodes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.validate()
            .map_err(|invalid| ser::Error::custom(format_args!("{} must {}", invalid.value, invalid.rule)))?;
        let mut list = serializer.serialize_seq(None)?;
        for range in self.ranges() {
            if range.first == range.last {
                list.serialize_element(&range.first)?;
            } else {
                list.serialize_element(&range.to_string())?;
            }
        }
        list.end()
    }
}

impl<'de> Deserialize<'de> for StatusCodes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List;

        impl<'de> Visitor<'de> for List {
            type Value = StatusCodes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of status codes and ranges such as \"502-504\"")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<StatusCodes, A::Error> {
                let mut set = StatusCodes::empty();
                while let Some(Range { first, last }) = list.next_element()? {
                    set = set.range(first, last);
                }
                Ok(set)
            }
        }

        deserializer.deserialize_seq(List)
    }
}

impl<'de> Deserialize<'de> for Range {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entry;

        impl Visitor<'_> for Entry {
            type Value = Range;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a status code from 100 to 599 or a range such as \"502-504\"")
            }

            fn visit_u64<E: de::Error>(self, code: u64) -> Result<Range, E> {
                let refused = || E::invalid_value(de::Unexpected::Unsigned(code), &self);
                u16::try_from(code).ok().and_then(|code| checked(code, code)).ok_or_else(refused)
            }

            fn visit_i64<E: de::Error>(self, code: i64) -> Result<Range, E> {
                let refused = || E::invalid_value(de::Unexpected::Signed(code), &self);
                u16::try_from(code).ok().and_then(|code| checked(code, code)).ok_or_else(refused)
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Range, E> {
                let (first, last) = text.split_once('-').unwrap_or((text, text));
                let code = |text: &str| text.trim().parse::<u16>().ok();
                code(first)
                    .zip(code(last))
                    .and_then(|(first, last)| checked(first, last))
                    .ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
            }
        }

        deserializer.deserialize_any(Entry)
    }
}

fn checked(first: u16, last: u16) -> Option<Range> {
    (FIRST <= first && first <= last && last <= LAST).then_some(Range { first, last })
}

#[cfg(test)]
mod tests;
