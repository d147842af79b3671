//! What a `macro_rules!` passes on in invisible delimiters is read as if it were written out.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;

/// Every literal, and every list in parentheses of an attribute, in invisible delimiters.
fn grouped(tokens: TokenStream) -> TokenStream {
    let invisible = |tokens: TokenStream| TokenTree::Group(Group::new(Delimiter::None, tokens));
    let each = |token| match token {
        TokenTree::Literal(literal) => invisible(TokenTree::from(literal).into()),
        TokenTree::Group(group) => {
            let inner = grouped(group.stream());
            let inner = if group.delimiter() == Delimiter::Bracket { invisible(inner).into() } else { inner };
            TokenTree::Group(Group::new(group.delimiter(), inner))
        }
        token => token,
    };
    tokens.into_iter().map(each).collect()
}

/// The text without any delimiter that nobody sees.
fn visible(tokens: TokenStream) -> String {
    crate::attr::ungroup(tokens).to_string()
}

#[test]
fn every_attribute_is_read_through_invisible_delimiters() {
    let attr = quote! {
        base_url = "http://h", client = Name, crate = a::b, prefix = "/v2/{tenant}", headers("a" = "b"),
        timeouts(connect = "1s", deadline = none), retry(max_retries = 3, status_codes(429, 502..=504)),
        breaker(failure_threshold = 5, min_failure_rate = 0.5)
    };
    let item = quote! {
        pub trait Api {
            #[get("/{id}", timeout = "1s", retry(multiplier = 2.0))]
            async fn get(&self, #[path_param("id")] other: u8, #[header("x-a")] a: &str) -> Result<()>;
            #[http("QUERY", "/x", retry = off)]
            async fn query(&self, #[query("per_page")] size: u8, #[json] body: &str) -> Result<()>;
        }
    };
    let plain = crate::expand::api(attr.clone(), item.clone());
    let through = crate::expand::api(grouped(attr), grouped(item));
    assert!(!plain.to_string().contains("compile_error"), "{plain}");
    assert_eq!(visible(through), visible(plain));
}

#[test]
fn a_slip_is_seen_through_invisible_delimiters() {
    let item = quote!(
        trait Api {
            #[gte("/{id}")]
            async fn get(&self, id: u8) -> Result<()>;
        }
    );
    let through = crate::expand::api(TokenStream::new(), grouped(item)).to_string();
    assert!(through.contains("did you mean `get`?"), "{through}");
}

#[test]
fn an_error_enum_is_read_through_invisible_delimiters() {
    let item = quote! {
        #[api_error(crate = a::b)]
        enum Failure {
            #[status(404, 410)] Gone,
            #[status(409, 500..=502)] Rejected { #[header("x-reason")] reason: String, #[body] problem: Problem },
            #[other] Other(a::b::Error),
        }
    };
    let plain = crate::expand::api_error(item.clone());
    let through = crate::expand::api_error(grouped(item));
    assert!(!plain.to_string().contains("compile_error"), "{plain}");
    assert_eq!(visible(through), visible(plain));
}

#[test]
fn an_item_and_its_parts_may_be_fragments() {
    let invisible = |tokens: TokenStream| TokenTree::Group(Group::new(Delimiter::None, tokens));
    let (vis, ty, out) = (invisible(quote!()), invisible(quote!(&str)), invisible(quote!(Result<()>)));
    let method = invisible(quote!(#[get("/{id}")] async fn get(&self, id: #ty) -> #out;));
    let item = invisible(quote!(#vis trait Api { #method type Item = #ty; }));
    let through = crate::expand::api(TokenStream::new(), item.into());
    let plain = quote!(
        trait Api {
            #[get("/{id}")]
            async fn get(&self, id: &str) -> Result<()>;
            type Item = &str;
        }
    );
    let plain = crate::expand::api(TokenStream::new(), plain);
    assert!(!plain.to_string().contains("compile_error"), "{plain}");
    assert_eq!(visible(through), visible(plain));
}
