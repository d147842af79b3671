//! Limits and hedging → constant expressions.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Path;

use super::settings::{duration, integer, link};
use crate::model::{Hedge, MaxInFlight, Policy, RateLimit, Settings};

// expands to: .rate_limit(::pynector::RateLimit::new(..)).max_in_flight(..).hedge(..)
pub(super) fn links(settings: &Settings, krate: &Path) -> TokenStream {
    let links = [
        (
            "rate_limit",
            settings.rate_limit.as_ref().map(|it| value(it, &quote!(#krate::RateLimit), rate_limit)),
        ),
        (
            "max_in_flight",
            settings.max_in_flight.as_ref().map(|it| value(it, &quote!(#krate::MaxInFlight), max_in_flight)),
        ),
        ("hedge", settings.hedge.as_ref().map(|it| value(it, &quote!(#krate::Hedge), hedge))),
    ];
    chained(links)
}

fn value<T>(policy: &Policy<T>, ty: &TokenStream, on: impl Fn(&T) -> TokenStream) -> TokenStream {
    let value = policy.on().map_or_else(|| quote!(off()), on);
    quote!(#ty::#value)
}

fn rate_limit(limit: &RateLimit) -> TokenStream {
    let (permits, per) = (integer(limit.permits), duration(limit.per));
    let links = chained([
        ("burst", limit.burst.map(integer)),
        ("group", limit.group.as_ref().map(|group| quote!(#group))),
    ]);
    quote!(new(#permits, #per)#links)
}

fn max_in_flight(places: &MaxInFlight) -> TokenStream {
    let limit = integer(places.limit);
    let links = chained([
        ("queue", places.queue.map(integer)),
        ("wait", places.wait.map(|time| duration(time.value))),
        ("group", places.group.as_ref().map(|group| quote!(#group))),
    ]);
    quote!(new(#limit)#links)
}

fn hedge(hedge: &Hedge) -> TokenStream {
    let max = chained([("max", hedge.max.map(integer))]);
    let start = hedge.after.map(duration).map_or_else(|| quote!(p95()), |delay| quote!(after(#delay)));
    quote!(#start #max)
}

fn chained<const N: usize>(links: [(&str, Option<TokenStream>); N]) -> TokenStream {
    links.into_iter().filter_map(|(key, value)| Some(link(key, &value?))).collect()
}
