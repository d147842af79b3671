//! Lists of statuses such as `404, 5xx, 400..=403`.

use proc_macro2::{Span, TokenStream};
use syn::parse::{Parse, ParseStream};
use syn::{LitInt, Token};

use super::value::refused;
use super::{first_span, split};
use crate::diagnostics::Diagnostics;
use crate::model::{StatusRange, Statuses};

/// Reads a list; what is wrong with one part is reported and costs that part alone.
///
/// `outer` is where an error stands that no token of the list can carry.
pub(crate) fn list(tokens: TokenStream, outer: Span, errors: &Diagnostics) -> Statuses {
    let mut ranges: Vec<StatusRange> = Vec::new();
    for part in split(tokens) {
        let span = first_span(&part).unwrap_or(outer);
        let Some(range) = range(part, span, errors) else { continue };
        if let Some(known) = ranges.iter().find(|known| known.overlaps(range)) {
            let message = if range.is_single() {
                format!("{} is in this list already: leave it out", range.first)
            } else {
                let twice = known.first.max(range.first);
                format!(
                    "this overlaps what stands before it: {twice} would be in the list twice, so leave one out"
                )
            };
            errors.error(span, message);
        } else {
            ranges.push(range);
        }
    }
    Statuses { ranges }
}

fn range(part: TokenStream, span: Span, errors: &Diagnostics) -> Option<StatusRange> {
    match syn::parse2::<Status>(part) {
        Ok(Status::One(literal)) if literal.suffix().is_empty() => {
            let code = code(&literal, errors)?;
            Some(StatusRange { first: code, last: code, span })
        }
        Ok(Status::One(literal)) => class(&literal, errors),
        Ok(Status::Range(from, to)) => {
            // Both ends are checked, so that both mistakes are told.
            let (low, high) = (code(&from, errors), code(&to, errors));
            match low.zip(high)? {
                (low, high) if low > high => {
                    refused(from.span(), format!("the range is empty: write `{high}..={low}`"), errors)
                }
                (first, last) => Some(StatusRange { first, last, span }),
            }
        }
        Err(_) => {
            let message =
                "a status is a number such as `429`, a range such as `502..=504`, or a class such as `5xx`";
            refused(span, message, errors)
        }
    }
}

/// `4xx`, which is a number with a suffix.
fn class(literal: &LitInt, errors: &Diagnostics) -> Option<StatusRange> {
    if let (Ok(digit @ 1..=5), "xx") = (literal.base10_parse::<u16>(), literal.suffix()) {
        return Some(StatusRange { first: digit * 100, last: digit * 100 + 99, span: literal.span() });
    }
    refused(
        literal.span(),
        format!("`{literal}` is not a class of statuses: they are `1xx` to `5xx`"),
        errors,
    )
}

enum Status {
    One(LitInt),
    Range(LitInt, LitInt),
}

impl Parse for Status {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let first = input.parse()?;
        if input.is_empty() {
            return Ok(Self::One(first));
        }
        input.parse::<Token![..=]>()?;
        Ok(Self::Range(first, input.parse()?))
    }
}

fn code(literal: &LitInt, errors: &Diagnostics) -> Option<u16> {
    match literal.base10_parse::<u16>() {
        Ok(code @ 100..=599) => Some(code),
        _ => refused(
            literal.span(),
            format!("`{literal}` is not a status: it lies between 100 and 599"),
            errors,
        ),
    }
}
