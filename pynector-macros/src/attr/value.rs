//! The values of keys: text, durations, numbers, words and flags, each refused with what to write instead.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::time::Duration;

use proc_macro2::{Ident, Span, TokenStream};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Lit, LitFloat, LitInt, LitStr};

use super::{Entry, Value, duration, size};
use crate::diagnostics::Diagnostics;
use crate::model::{Clock, Size, Spanned, Time};
use crate::{names, suggest};

impl Entry {
    /// `key = "text"`
    pub(super) fn text(&self, example: &str, errors: &Diagnostics) -> Option<LitStr> {
        self.value(&format!("text: write `{} = \"{example}\"`", self.name()), errors)
    }

    /// `key = "10s"`
    pub(super) fn duration(&self, errors: &Diagnostics) -> Option<Time> {
        let text = self.text("10s", errors)?;
        match duration::parse(&text.value()) {
            Ok(value) => Some(Spanned { value, span: text.span() }),
            Err(complaint) => refused(text.span(), complaint, errors),
        }
    }

    /// `key = "10s"`, and not zero.
    pub(super) fn positive_duration(&self, errors: &Diagnostics) -> Option<Time> {
        let time = self.duration(errors)?;
        if time.value > Duration::ZERO {
            return Some(time);
        }
        let key = self.name();
        refused(
            time.span,
            format!("`{key}` must be longer than zero: write for example `{key} = \"10s\"`"),
            errors,
        )
    }

    /// `key = "10s"` or `key = none`
    pub(super) fn clock(&self, errors: &Diagnostics) -> Option<Clock> {
        if let Some(word) = self.bare_word().filter(|word| word == "none") {
            return Some(Spanned { value: None, span: word.span() });
        }
        if let Some(word) = self.bare_word() {
            let key = self.name();
            let message =
                format!("`{word}` is no value of `{key}`: write `{key} = \"10s\"` or `{key} = none`");
            return refused(word.span(), message, errors);
        }
        self.positive_duration(errors).map(|time| Spanned { value: Some(time.value), span: time.span })
    }

    /// `key = 3`, inside `range`.
    pub(super) fn integer(&self, range: &RangeInclusive<u32>, errors: &Diagnostics) -> Option<u32> {
        let literal: LitInt = self.value(&format!("a whole number, as in `{} = 3`", self.name()), errors)?;
        let (least, most) = (range.start(), range.end());
        match literal.base10_parse::<u32>() {
            Ok(number) if range.contains(&number) => Some(number),
            _ if *most == u32::MAX => refused(
                literal.span(),
                format!("`{}` is at least {least} and at most {most}", self.name()),
                errors,
            ),
            _ => {
                refused(literal.span(), format!("`{}` lies between {least} and {most}", self.name()), errors)
            }
        }
    }

    /// `key = 0.5` or `key = 2`, inside `range`.
    pub(super) fn float(&self, range: &RangeInclusive<f64>, errors: &Diagnostics) -> Option<f64> {
        let key = self.name();
        let literal: Number = self.value(&format!("a number, as in `{key} = 1.0`"), errors)?;
        if range.contains(&literal.value) {
            return Some(literal.value);
        }
        let rule = if *range.end() < f64::MAX {
            format!("`{key}` lies between {} and {}", range.start(), range.end())
        } else {
            format!("`{key}` is a finite number of at least {}", range.start())
        };
        refused(literal.span, rule, errors)
    }

    /// `key = full`, one of `words`.
    pub(super) fn word(&self, words: &[&'static str], errors: &Diagnostics) -> Option<&'static str> {
        let choice = words.iter().map(|word| format!("`{} = {word}`", self.name())).collect::<Vec<_>>();
        let written = self.bare_word().map(|word| names::plain(&word));
        if let Some(word) = words.iter().find(|word| written.as_deref() == Some(**word)) {
            return Some(*word);
        }
        let choice = choice.join(" or ");
        let meant = written.as_deref().and_then(|written| suggest::closest(written, words.iter().copied()));
        let key = self.name();
        let message = match (meant, written) {
            (Some(meant), _) => format!("did you mean `{meant}`? Write {choice}"),
            (None, Some(word)) => format!("`{word}` is no value of `{key}`: write {choice}"),
            (None, None) => format!("`{key}` takes one of a few words: write {choice}"),
        };
        refused(self.span(), message, errors)
    }

    /// `key`, `key = true` or `key = false`.
    pub(super) fn truth(&self, errors: &Diagnostics) -> Option<Spanned<bool>> {
        let value = match self.value {
            Value::Flag => true,
            Value::Equals(_) | Value::List(_) => self.word(&["true", "false"], errors)? == "true",
        };
        Some(Spanned { value, span: self.span() })
    }

    /// `key`, `key = on` or `key = off`.
    pub(super) fn switch(&self, errors: &Diagnostics) -> Option<bool> {
        match self.value {
            Value::Flag => Some(true),
            Value::Equals(_) | Value::List(_) => Some(self.word(&["off", "on"], errors)? == "on"),
        }
    }

    /// `key = "64MiB"` or `key = none`
    pub(super) fn size(&self, errors: &Diagnostics) -> Option<Size> {
        let key = self.name();
        if let Some(word) = self.bare_word() {
            let choice =
                format!("`{word}` is no value of `{key}`: write `{key} = \"64MiB\"` or `{key} = none`");
            return if word == "none" { Some(Size::Unlimited) } else { refused(word.span(), choice, errors) };
        }
        let takes = format!("a size: write `{key} = \"64MiB\"` or `{key} = none`");
        let text: LitStr = self.value(&takes, errors)?;
        match size::parse(&text.value()) {
            Ok(0) => refused(
                text.span(),
                format!("`{key}` leaves room for a byte at least: write `\"1B\"`"),
                errors,
            ),
            Ok(bytes) => Some(Size::Bytes(bytes)),
            Err(complaint) => refused(text.span(), complaint, errors),
        }
    }

    /// `key` alone.
    pub(super) fn flag(&self, errors: &Diagnostics) -> Option<Span> {
        match self.value {
            Value::Flag => Some(self.key.span()),
            Value::Equals(_) | Value::List(_) => {
                refused(self.span(), format!("`{}` takes no value: write it alone", self.name()), errors)
            }
        }
    }

    /// `key(list)`
    pub(super) fn list(&self, example: &str, errors: &Diagnostics) -> Option<TokenStream> {
        match &self.value {
            Value::List(tokens) => Some(tokens.clone()),
            Value::Flag | Value::Equals(_) => {
                let message = format!("`{}` takes a list in parentheses: write `{example}`", self.name());
                refused(self.span(), message, errors)
            }
        }
    }

    /// `key = off`
    pub(super) fn is_off(&self) -> bool {
        self.bare_word().is_some_and(|word| word == "off")
    }

    /// `key = name`; quotes around it are refused, but read.
    pub(super) fn bare<T: Parse>(&self, takes: &str, errors: &Diagnostics) -> Option<T> {
        let quoted = match &self.value {
            Value::Equals(tokens) => syn::parse2::<LitStr>(tokens.clone()).ok(),
            Value::Flag | Value::List(_) => None,
        };
        let Some(text) = quoted else { return self.value(takes, errors) };
        errors.error(text.span(), format!("`{}` takes {takes}: leave out the quotes", self.name()));
        text.parse().ok()
    }

    /// `key = <T>`; anything else is refused with what the key takes.
    pub(super) fn value<T: Parse>(&self, takes: &str, errors: &Diagnostics) -> Option<T> {
        let Value::Equals(tokens) = &self.value else {
            return refused(self.span(), format!("`{}` takes {takes}", self.name()), errors);
        };
        let read = |input: ParseStream<'_>| {
            let span = input.span();
            let value = input.parse::<T>();
            let value =
                value.map_err(|_| syn::Error::new(span, format!("`{}` takes {takes}", self.name())))?;
            if input.is_empty() { Ok(value) } else { Err(input.error("a `,` is missing before this")) }
        };
        if tokens.is_empty() {
            return refused(self.key.span(), format!("`{}` takes {takes}", self.name()), errors);
        }
        read.parse2(tokens.clone()).map_err(|error| errors.push(error)).ok()
    }

    /// The one identifier after `=`, if that is what stands there.
    pub(super) fn bare_word(&self) -> Option<Ident> {
        match &self.value {
            // Any word: `true` and `false` are no identifiers.
            Value::Equals(tokens) => Ident::parse_any.parse2(tokens.clone()).ok(),
            Value::Flag | Value::List(_) => None,
        }
    }

    /// The name of the key, to stand in a message.
    pub(super) fn key(&self) -> (String, Span) {
        (names::plain(&self.key), self.key.span())
    }
}

/// An integer or float literal, with or without a sign.
struct Number {
    value: f64,
    span: Span,
}

impl Parse for Number {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let span = input.span();
        let sign = if input.parse::<Option<syn::Token![-]>>()?.is_some() { -1.0 } else { 1.0 };
        let value = match input.parse::<Lit>()? {
            Lit::Int(literal) => LitInt::base10_parse::<f64>(&literal)?,
            Lit::Float(literal) => LitFloat::base10_parse::<f64>(&literal)?,
            other => return Err(syn::Error::new(other.span(), "not a number")),
        };
        Ok(Self { value: sign * value, span })
    }
}

/// Reports `message` and gives nothing.
pub(super) fn refused<T>(span: Span, message: impl Display, errors: &Diagnostics) -> Option<T> {
    errors.error(span, message);
    None
}
