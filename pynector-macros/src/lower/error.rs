//! The door of error enums: `DeriveInput` → which variant takes which statuses, and what its fields hold.

use proc_macro2::{Ident, Span, TokenStream};
use syn::spanned::Spanned as _;
use syn::{Data, DeriveInput, Fields, Generics, Path};

use super::signature;
use crate::attr::error::{self, Role, Value};
use crate::check::statuses;
use crate::diagnostics::Diagnostics;
use crate::model::Statuses;
use crate::names;

/// An enum that was read.
pub(crate) struct ErrorEnum {
    pub(crate) ident: Ident,
    pub(crate) generics: Generics,
    pub(crate) krate: Path,
    pub(crate) variants: Vec<Variant>,
    /// `None` if it is missing, or anything else is wrong: a stand-in takes the place of the conversion.
    pub(crate) other: Option<Variant>,
    /// Whether another derive writes the conversion, as its `#[from]` says; a second one would only be told of twice.
    pub(crate) converted: bool,
    /// Whether the enum or a variant is deprecated, which the conversion may name all the same.
    pub(crate) deprecated: bool,
}

/// A variant, and the statuses that make it.
pub(crate) struct Variant {
    pub(crate) ident: Ident,
    pub(crate) shape: Shape,
    /// Ranges that no other variant has; empty for `#[other]`.
    pub(crate) statuses: Vec<(u16, u16)>,
    pub(crate) fields: Vec<Field>,
}

/// How the fields of a variant are written.
#[derive(Clone, Copy)]
pub(crate) enum Shape {
    Unit,
    Tuple,
    Named,
}

/// A field, where its value comes from, and the word in its type that errors about the type point at.
pub(crate) struct Field {
    pub(crate) ident: Option<Ident>,
    pub(crate) value: Value,
    pub(crate) ty: Span,
}

/// What is known of a variant before the statuses of all are compared.
struct Read {
    variant: Variant,
    statuses: Option<Statuses>,
}

/// Reads the enum; an `Err` only if the item is none that a derive can stand on.
pub(crate) fn error_enum(item: TokenStream, errors: &Diagnostics) -> syn::Result<ErrorEnum> {
    let item: DeriveInput = syn::parse2(item)?;
    let mark = errors.mark();
    let krate = error::krate(&item.attrs, errors);
    let mut read = ErrorEnum {
        deprecated: is_deprecated(&item.attrs),
        ident: item.ident,
        generics: item.generics,
        krate,
        variants: Vec::new(),
        other: None,
        converted: false,
    };
    if let Some(lifetime) = read.generics.lifetimes().next() {
        let message =
            "an error outlives the response that it is made of: leave the lifetime out, and own the text";
        errors.error(lifetime.lifetime.span(), message);
    }
    match item.data {
        Data::Enum(data) => {
            read.deprecated |= data.variants.iter().any(|variant| is_deprecated(&variant.attrs));
            variants(&mut read, data.variants, errors);
        }
        Data::Struct(data) => not_an_enum(data.struct_token.span, &read.ident, errors),
        Data::Union(data) => not_an_enum(data.union_token.span, &read.ident, errors),
    }
    if errors.failed_since(mark) {
        read.other = None;
    }
    Ok(read)
}

fn not_an_enum(keyword: Span, name: &Ident, errors: &Diagnostics) {
    let message = format!(
        "`ApiError` gives each status a variant: write `enum {name} {{ #[status(404)] NotFound, #[other] \
         Other(pynector::Error) }}`"
    );
    errors.error(keyword, message);
}

fn is_deprecated(attrs: &[syn::Attribute]) -> bool {
    attrs.iter().any(|attr| attr.path().is_ident("deprecated"))
}

fn variants(read: &mut ErrorEnum, variants: impl IntoIterator<Item = syn::Variant>, errors: &Diagnostics) {
    let (mut taken, mut mistaken) = (Vec::new(), false);
    for variant in variants {
        match error::role(&variant.attrs, &variant.ident, errors) {
            Role::Status(statuses) => {
                let shape = shape(&variant.fields);
                let fields = fields(variant.fields, || Value::Body, errors);
                let variant = Variant { ident: variant.ident, shape, statuses: Vec::new(), fields };
                taken.push(Read { variant, statuses: Some(statuses) });
            }
            Role::Other(_) if read.other.is_none() => {
                read.converted = variant.fields.iter().any(|field| from(field).is_some());
                read.other = Some(other(variant, errors));
            }
            Role::Other(span) => {
                errors.error(span, "another variant takes everything else already: leave one `#[other]` out");
            }
            Role::Skipped => {}
            Role::Mistaken => mistaken = true,
        }
    }
    if read.other.is_none() && !mistaken {
        let message = format!(
            "`{}` has no variant for every other error: add `#[other] Other(pynector::Error)`",
            read.ident
        );
        errors.error(read.ident.span(), message);
    }
    read.variants = share(taken, errors);
}

/// Gives each variant what no other one names more closely.
fn share(taken: Vec<Read>, errors: &Diagnostics) -> Vec<Variant> {
    let named: Vec<_> = taken
        .iter()
        .filter_map(|read| Some((names::plain(&read.variant.ident), read.statuses.as_ref()?)))
        .collect();
    statuses::check(&named, errors);
    let singles = statuses::singles(&named);
    let share = |read: &Read| {
        let ranges = read.statuses.iter().flat_map(|statuses| statuses.ranges.iter());
        ranges
            .flat_map(|range| {
                if range.is_single() { vec![(range.first, range.last)] } else { range.without(&singles) }
            })
            .collect()
    };
    let shares: Vec<Vec<(u16, u16)>> = taken.iter().map(share).collect();
    let variants = taken.into_iter().zip(shares);
    variants.map(|(read, statuses)| Variant { statuses, ..read.variant }).collect()
}

/// `#[other]`: one field, which is the error.
fn other(variant: syn::Variant, errors: &Diagnostics) -> Variant {
    if variant.fields.len() != 1 {
        let message = format!("`#[other]` keeps the error whole: write `{}(pynector::Error)`", variant.ident);
        errors.error(variant.ident.span(), message);
    }
    let shape = shape(&variant.fields);
    let fields = fields(variant.fields, || Value::Whole, errors);
    for field in &fields {
        if !matches!(field.value, Value::Whole) {
            errors.error(field.ty, "`#[other]` keeps the error whole: its field is a `pynector::Error`");
        }
    }
    Variant { ident: variant.ident, shape, statuses: Vec::new(), fields }
}

fn shape(fields: &Fields) -> Shape {
    match fields {
        Fields::Unit => Shape::Unit,
        Fields::Unnamed(_) => Shape::Tuple,
        Fields::Named(_) => Shape::Named,
    }
}

/// Reads the fields; `unmarked` is the value of one without an attribute.
fn fields(fields: Fields, unmarked: impl Fn() -> Value, errors: &Diagnostics) -> Vec<Field> {
    let (mut read, mut bodies) = (Vec::<Field>::new(), 0);
    for field in fields {
        refuse_from(&field, errors);
        let ty = signature::anchor(&field.ty);
        let (value, at) = error::value(&field.attrs, errors)
            .unwrap_or_else(|| (unmarked(), field.ident.as_ref().map_or(ty, Ident::span)));
        if matches!(value, Value::Body) {
            bodies += 1;
            if bodies > 1 {
                let message = "a response has one body: mark this field `#[header(\"..\")]` or `#[source]`, or read both \
                               from one struct";
                errors.error(at, message);
            }
        }
        read.push(Field { ident: field.ident, value, ty });
    }
    read
}

fn from(field: &syn::Field) -> Option<&syn::Attribute> {
    field.attrs.iter().find(|attr| attr.path().is_ident("from"))
}

/// `thiserror` would write the same conversion a second time.
fn refuse_from(field: &syn::Field, errors: &Diagnostics) {
    if let Some(attr) = from(field) {
        let message = "`ApiError` writes the conversion from `pynector::Error` already: leave `#[from]` out, or write \
                       `#[source]` instead where the variant is not `#[error(transparent)]`";
        errors.error(attr.path().span(), message);
    }
}
