//! The attributes beside a verb → constant expressions, and the link that holds a method to what they give.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Path;

use super::settings::{duration, integer, link, size};
use crate::model::{Events, Lines, Next, Paginate, Rules, Stream};

// expands to: .paginate(::pynector::Paginate::cursor("last_id", "after").items("data").more("has_more"))
pub(super) fn constant(stream: &Stream, krate: &Path) -> TokenStream {
    let rules = match &stream.rules {
        Rules::Pages(rules) => pages(rules, krate),
        Rules::Events(rules) => events(rules, krate),
        Rules::Lines(rules) => lines(rules, krate),
    };
    link(stream.rules.name(), &rules)
}

fn pages(rules: &Paginate, krate: &Path) -> TokenStream {
    let Paginate { next, items, more, first } = rules;
    let start = match next {
        Next::Link => quote!(link()),
        Next::Url(field) => quote!(next_url(#field)),
        Next::Cursor(field, parameter) => quote!(cursor(#field, #parameter)),
        Next::Page(parameter) => quote!(page(#parameter)),
        Next::Offset(parameter) => quote!(offset(#parameter)),
    };
    let links = [
        ("items", items.as_ref().map(|field| quote!(#field))),
        ("more", more.as_ref().map(|field| quote!(#field))),
        ("first", first.map(integer)),
    ];
    let links = chain(links);
    quote!(#krate::Paginate::#start #links)
}

// expands to: ::pynector::EventRules::new().until("[DONE]").reconnect().heartbeat(::core::time::Duration::from_secs(30))
fn events(rules: &Events, krate: &Path) -> TokenStream {
    let links = chain([
        ("until", rules.until.as_ref().map(|data| quote!(#data))),
        ("reconnect", rules.reconnect.then(TokenStream::new)),
        (
            "heartbeat",
            rules
                .heartbeat
                .map(|silence| silence.value.map_or_else(|| quote!(::core::time::Duration::MAX), duration)),
        ),
    ]);
    quote!(#krate::EventRules::new()#links)
}

// expands to: ::pynector::LineRules::new().skip_bad().max_line(1 << 20)
fn lines(rules: &Lines, krate: &Path) -> TokenStream {
    let links =
        chain([("skip_bad", rules.skip_bad.then(TokenStream::new)), ("max_line", rules.max_line.map(size))]);
    quote!(#krate::LineRules::new()#links)
}

fn chain<const N: usize>(links: [(&str, Option<TokenStream>); N]) -> TokenStream {
    links.into_iter().filter_map(|(name, value)| Some(link(name, &value?))).collect()
}

/// The last link of a method, which asks for what its attribute gives.
pub(super) fn outcome(stream: &Stream) -> &'static str {
    match stream.rules {
        Rules::Pages(_) => "outcome_of_pages",
        Rules::Events(_) => "outcome_of_events",
        Rules::Lines(_) => "outcome_of_lines",
    }
}

/// The link that asks the same of an endpoint's response.
pub(super) fn gives(stream: &Stream) -> &'static str {
    match stream.rules {
        Rules::Pages(_) => "gives_pages",
        Rules::Events(_) => "gives_events",
        Rules::Lines(_) => "gives_lines",
    }
}
