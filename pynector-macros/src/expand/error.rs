//! The conversion that `#[derive(ApiError)]` writes: one arm per variant, and the rest for `#[other]`.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote};
use syn::{Path, parse_quote};

use super::bind::respan;
use crate::attr::error::Value;
use crate::lower::error::{ErrorEnum, Field, Shape, Variant};

// expands to: impl From<::pynector::Error> for OrderError { fn from(error: ::pynector::Error) -> Self { match .. } }
pub(super) fn conversion(read: &ErrorEnum) -> TokenStream {
    let ErrorEnum { ident, generics, krate, other, deprecated, .. } = read;
    if read.converted {
        return TokenStream::new();
    }
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    let error = &error();
    let (argument, body) = match other {
        Some(other) => (quote!(#error), dispatch(read, other)),
        None => (quote!(_), quote!(::core::unimplemented!())),
    };
    let allowed: Option<syn::Attribute> = deprecated.then(|| parse_quote!(#[allow(deprecated)]));
    quote! {
        #allowed
        #[automatically_derived]
        impl #impl_generics ::core::convert::From<#krate::Error> for #ident #type_generics #where_clause {
            fn from(#argument: #krate::Error) -> Self {
                #body
            }
        }
    }
}

/// The name of the argument, which no name of the user's can hide.
fn error() -> Ident {
    Ident::new("error", Span::mixed_site())
}

fn dispatch(read: &ErrorEnum, other: &Variant) -> TokenStream {
    let (krate, error) = (&read.krate, error());
    let other = construction(other, &[], krate);
    let arms = read.variants.iter().map(|variant| arm(variant, &other, read));
    if read.variants.is_empty() {
        return other;
    }
    quote! {
        match #krate::Error::kind(&#error) {
            #(#arms)*
            _ => #other,
        }
    }
}

// expands to: ErrorKind::Status(409 | 500..=599) => match body(&error) { Ok(body) => Self::Rejected(body), Err(_) => .. }
fn arm(variant: &Variant, other: &TokenStream, read: &ErrorEnum) -> TokenStream {
    let krate = &read.krate;
    let codes = variant.statuses.iter().map(|(first, last)| {
        let (low, high) = (Literal::u16_unsuffixed(*first), Literal::u16_unsuffixed(*last));
        if first == last { quote!(#low) } else { quote!(#low..=#high) }
    });
    let pattern = quote!(#krate::ErrorKind::Status(#(#codes)|*));
    let (mut names, mut reads) = (Vec::new(), Vec::new());
    for (at, field) in variant.fields.iter().enumerate() {
        let Some(value) = reading(field, read) else { continue };
        names.push((at, format_ident!("field{}", at, span = Span::mixed_site())));
        reads.push(value);
    }
    let made = construction(variant, &names, krate);
    let bound = names.iter().map(|(_, name)| quote!(::core::result::Result::Ok(#name)));
    match reads.len() {
        0 => quote!(#pattern => #made,),
        1 => quote! {
            #pattern => match #(#reads)* {
                #(#bound)* => #made,
                ::core::result::Result::Err(_) => #other,
            },
        },
        _ => quote! {
            #pattern => match (#(#reads),*) {
                (#(#bound),*) => #made,
                _ => #other,
            },
        },
    }
}

// expands to: ::pynector::api_error::header(&error, "retry-after")
//
// It stands at the field's type, so that an unfulfilled bound is reported there.
fn reading(field: &Field, read: &ErrorEnum) -> Option<TokenStream> {
    let (krate, error) = (&read.krate, error());
    let value = match &field.value {
        Value::Whole => return None,
        Value::Body => quote!(#krate::api_error::body(&#error)),
        Value::Header(name) => quote!(#krate::api_error::header(&#error, #name)),
    };
    Some(respan(value, field.ty))
}

/// `Self::Busy { after: field0, error: whole(error) }`, with the names of the values that were read.
fn construction(variant: &Variant, names: &[(usize, Ident)], krate: &Path) -> TokenStream {
    let (ident, error) = (&variant.ident, error());
    let values = variant.fields.iter().enumerate().map(|(at, field)| {
        let read = names.iter().find(|(position, _)| *position == at);
        let whole = || respan(quote!(#krate::api_error::whole(#error)), field.ty);
        let value = read.map_or_else(whole, |(_, name)| quote!(#name));
        match &field.ident {
            Some(name) => quote!(#name: #value),
            None => value,
        }
    });
    match variant.shape {
        Shape::Unit => quote!(Self::#ident),
        Shape::Tuple => quote!(Self::#ident(#(#values),*)),
        Shape::Named => quote!(Self::#ident { #(#values),* }),
    }
}
