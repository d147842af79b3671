//! Every mistake is reported once, with what to write instead, and leaves everything else standing.

use quote::quote;
use syn::{File, ImplItem, Item};

/// The messages of an expansion, and its items.
pub(super) fn expand(attr: &str, item: &str) -> (Vec<String>, File) {
    let mut file: File = syn::parse_str(&super::expand(attr, item)).expect("an expansion is Rust");
    let errors = file.items.extract_if(.., |item| matches!(item, Item::Macro(_))).collect::<Vec<_>>();
    let message = |item: &Item| match item {
        Item::Macro(item) => item.mac.parse_body::<syn::LitStr>().expect("compile_error! takes text").value(),
        _ => String::new(),
    };
    (errors.iter().map(message).collect(), file)
}

/// The one message about a method with this verb, these parameters and this return type.
pub(super) fn complaint(verb: &str, parameters: &str) -> String {
    let (errors, _) =
        expand("", &format!("trait Api {{ {verb} async fn call(&self, {parameters}) -> Result<()>; }}"));
    assert_eq!(errors.len(), 1, "{verb} {parameters}: {errors:?}");
    errors.into_iter().next().unwrap_or_default()
}

#[test]
fn templates_and_parameters() {
    for (verb, parameters, expected) in [
        ("#[get(\"/{a}\")]", "b: u8, #[path_param(\"a\")] c: u8", "`b` has no place"),
        ("#[get(\"/{a}/{b}\")]", "a: u8", "`{b}` in the path has no parameter"),
        ("#[get(\"/{usr}\")]", "user: u8", "did you mean `{usr}`"),
        ("#[get(\"/{id}\")]", "#[path_param(\"di\")] x: u8", "Write `#[path_param(\"id\")]`"),
        ("#[get(\"/{r}\")]", "r: u8, #[path_param(\"r\")] s: u8", "fills `{r}` already"),
        ("#[get(\"/a b\")]", "a: u8", "write `%20`"),
        ("#[get(\"/{a}\")]", "#[path] a: u8", "write `#[path_param]`"),
        ("#[get(\"/{a}\")]", "#[foo] a: u8", "`#[foo]` is not a place"),
        ("#[get(\"/{a}\")]", "mut a: u8", "without `mut`"),
        ("#[get(\"/{a}\")]", "(a, b): (u8, u8)", "is one name"),
        ("#[get(\"/\")]", "#[query] a: u8, #[query] a: u8", "is named `a` already"),
        ("#[get(\"/\")]", "#[query = \"a\"] a: u8", "takes one name in quotes"),
        ("#[get(\"/\")]", "#[header(5)] a: u8", "takes one name in quotes"),
        ("#[get(\"/\")]", "#[header(display)] a: u8", "the header's name is missing"),
        ("#[get(\"/\")]", "#[header(\"a\", encoded)] a: u8", "has no key `encoded`: its key is `display`"),
        ("#[get(\"/\")]", "#[headers(\"a\")] a: u8", "`#[headers]` takes nothing"),
        ("#[get(\"/\")]", "#[cookie(\"a\", encoded)] a: u8", "takes one name in quotes"),
        ("#[get(\"/\")]", "#[cookie(\"a b\")] a: u8", "`a b` is not the name of a cookie: a space"),
        ("#[get(\"/\")]", "#[cookie] größe: u8", "`ö` cannot stand in one"),
        ("#[get(\"/\")]", "#[cookie] a: u8, #[cookie(\"a\")] b: u8", "is the cookie `a` already"),
        ("#[get(\"/\")]", "#[header(\"Cookie\")] a: &str, #[cookie] b: u8", "mark this one `#[cookie]` too"),
        ("#[get(\"/{a?}.json\")]", "a: Option<u8>", "only a part of its segment"),
        ("#[get(\"/{*a}/{*b}\")]", "a: u8, b: u8", "a second greedy placeholder"),
        ("#[get(\"/{a}\")]", "#[path_param(encoded = true)] a: u8", "`encoded` takes no value"),
        ("#[get(\"/{a}\")]", "#[path_param(encode)] a: u8", "did you mean `encoded`"),
        (
            "#[get(\"/{a}\")]",
            "#[path_param(\"a\", style = csv)] a: u8",
            "has no key `style`: its key is `encoded`",
        ),
        ("#[get(\"/\")]", "#[query(encoded, \"a\")] a: u8", "the name comes first"),
        ("#[get(\"/\")]", "#[query(\"a\", \"b\")] a: u8", "takes one name in quotes"),
        ("#[get(\"/\")]", "#[query(style)] a: u8", "write `style = csv` or"),
        ("#[get(\"/\")]", "#[query(style = multi)] a: u8", "or `style = deep_object` or"),
        ("#[get(\"/\")]", "#[query(style = csv, style = csv)] a: u8", "`style` stands here twice"),
        ("#[get(\"/\")]", "#[query(a b)] a: u8", "takes one name in quotes"),
        ("#[get(\"/\")]", "#[bearer(x)] a: u8", "`#[bearer]` takes nothing"),
        ("#[get(\"/\")]", "#[header(\"authorization\")] a: &str, #[bearer] b: &str", "one `authorization`"),
        ("#[http(\"CONNECT\", \"/\")]", "#[json] a: u8", "a CONNECT request has no body"),
    ] {
        let complaint = complaint(verb, parameters);
        assert!(complaint.contains(expected), "{verb} {parameters}: {complaint}");
    }
}

#[test]
fn verbs_and_their_keys() {
    for (verb, expected) in [
        ("", "neither a verb nor a body"),
        ("#[trace(\"/\")]", "write `#[http(\"TRACE\", ..)]`"),
        ("#[route(\"GET\", \"/\")]", "`route` is not a verb"),
        ("#[inline]", "neither a verb nor a body"),
        ("#[get]", "the path is missing: write `#[get(\"/path\")]`"),
        ("#[get()]", "the path is missing"),
        ("#[get = \"/\"]", "the path is missing"),
        ("#[get(\"/\")] #[get(\"/\")]", "leave one of the two verbs out"),
        ("#[GET(\"/\")]", "`GET` is not a verb: did you mean `get`"),
        ("#[http]", "the method and the path are missing"),
        ("#[http(\"QUERY\")]", "the path is missing: write `#[http("),
        ("#[http(\"\", \"/\")]", "the method is missing"),
        ("#[get(\"/\", client = X)]", "`client` belongs in `#[pynector::api(..)]`"),
        ("#[get(\"/\", timeut = \"1s\")]", "did you mean `timeout`"),
        ("#[get(\"/\", \"/\")]", "a key stands here"),
        ("#[get(\"/\", timeout)]", "`timeout` takes text"),
        ("#[get(\"/\", timeout(\"1s\"))]", "`timeout` takes text"),
        ("#[get(\"/\", timeout = \"1s\" + x)]", "a `,` is missing"),
        ("#[get(\"/\", timeout \"1s\")]", "followed by `,`, `= value` or `(..)`"),
        ("#[get(\"/\", breaker)]", "no `breaker` of its own"),
        ("#[get(\"/\", breaker(group = \"\"))]", "the group has no name"),
        ("#[get(\"/\", rate_limit(permits = 1, per = \"1s\"))]", "no `rate_limit` of its own"),
        (
            "#[get(\"/\", max_in_flight = 8)]",
            "`max_in_flight(group = \"name\", ..)` or `max_in_flight = off`",
        ),
        ("#[post(\"/\", hedge(after = p95))]", "a POST must not be sent twice"),
        ("#[get(\"/\", hedge(after = p95), retry(max_retries = 1))]", "either hedged or retried"),
        ("#[get(\"/\", idempotency_key)]", "GET is idempotent already: `idempotency_key`"),
        ("#[post(\"/\", idempotent, idempotency_key)]", "`idempotent` is not needed"),
        ("#[post(\"/\", idempotency_key, retry(any_method))]", "`idempotency_key` says it already"),
        ("#[post(\"/\", idempotency_key = \"a b\")]", "`a b` is not a header name"),
        ("#[post(\"/\", idempotency_key = raw)]", "`idempotency_key` takes text"),
        ("#[post(\"/\", idempotency_key())]", "the header's name is missing"),
        ("#[post(\"/\", idempotency_key(raw))]", "the header's name comes first"),
        ("#[post(\"/\", idempotency_key(\"a\", quoted))]", "behind the name stands `raw`"),
        ("#[post(\"/\", idempotency_key(\"a\", raw, raw))]", "behind the name stands `raw`"),
        ("#[post(\"/\", idempotency_key = \"A\", headers(\"a\" = \"b\"))]", "`a` is the idempotency key"),
        ("#[post(\"/\", idempotent, retry(any_method))]", "`idempotent` says it already"),
        ("#[options(\"/\", idempotent)]", "OPTIONS is idempotent already"),
        ("#[http(\"QUERY\", \"/\", retry(any_method))]", "QUERY is idempotent already"),
    ] {
        let complaint = complaint(verb, "");
        assert!(complaint.contains(expected), "{verb}: {complaint}");
    }
}

#[test]
fn idm_6_what_may_be_sent_twice_anyway_needs_no_word_for_it() {
    for method in ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "QUERY"] {
        for (keys, word) in [
            ("idempotent", "idempotent"),
            ("idempotency_key", "idempotency_key"),
            ("retry(any_method)", "any_method"),
        ] {
            let complaint = complaint(&format!("#[http(\"{method}\", \"/\", {keys})]"), "");
            let expected = format!("{method} is idempotent already: `{word}` is not needed, leave it out");
            assert!(complaint.contains(&expected), "{method} {keys}: {complaint}");
        }
    }
    for method in ["POST", "PATCH", "CONNECT", "LOCK"] {
        for keys in ["idempotent", "idempotency_key", "retry(any_method)", "idempotent, hedge(after = p95)"] {
            let item = format!(
                "trait Api {{ #[http(\"{method}\", \"/\", {keys})] async fn call(&self) -> Result<()>; }}"
            );
            assert_eq!(expand("", &item).0, Vec::<String>::new(), "{method} {keys}");
        }
    }
    // A parameter of the key's name supplies the key; only a fixed header would be the same for every call.
    let item = "trait Api {
        #[post(\"/\", idempotency_key, headers(\"x-a\" = \"1\"))]
        async fn call(&self, #[header(\"idempotency-key\")] key: &str) -> Result<()>;
    }";
    assert_eq!(expand("headers(\"x-b\" = \"1\"), hedge(after = p95)", item).0, Vec::<String>::new());
}

#[test]
fn settings() {
    for (attr, expected) in [
        ("base_url", "`base_url` takes text"),
        ("crate = 5", "`crate` takes a path"),
        ("client(X)", "`client` takes a name"),
        ("client = \"X\"", "leave out the quotes"),
        ("crate = \"a::b\"", "leave out the quotes"),
        ("headers", "write `headers("),
        ("headers(\"a\")", "write `\"name\" = \"value\"`"),
        ("headers(\"a\" = 5)", "write `\"name\" = \"value\"`"),
        ("headers(\"a\" = \"größe\")", "cannot stand in a header value"),
        ("timeouts(write = \"0ms\")", "`write` must be longer than zero"),
        ("timeouts(read = \"0ms\")", "`read` must be longer than zero"),
        ("timeouts = \"1s\"", "write `timeouts("),
        ("timeouts(deadline = nein)", "write `deadline = \"10s\"` or `deadline = none`"),
        ("timeout = \"1s\", timeouts(read = none)", "`timeout` sets `read` already"),
        ("retry = on", "write `retry(max_retries = 3)` or `retry = off`"),
        ("retry(multiplier = 1e999)", "a finite number of at least 1"),
        ("retry(multiplier = \"2\")", "`multiplier` takes a number"),
        ("retry(max_retries = 4294967296)", "at most 4294967295"),
        ("retry(max_retries = 1.5)", "takes a whole number"),
        ("retry(status_codes(99))", "`99` is not a status"),
        ("retry(status_codes(\"429\"))", "a status is a number"),
        ("retry(status_codes = 429)", "write `status_codes("),
        ("retry(any_method = true)", "`any_method` takes no value"),
        ("retry(budget)", "write `budget(ratio = 0.2, min_per_second = 1)` or `budget = off`"),
        ("retry(budget())", "the numbers are missing"),
        ("retry(budget(ratio = 10.5))", "`ratio` lies between 0 and 10"),
        ("retry(budget(min_per_second = -1))", "`min_per_second` lies between 0 and 1000000"),
        ("idempotency_key", "belongs in a verb such as"),
        ("rate_limit", "write `rate_limit(permits = 100, per = \"1m\")` or `rate_limit = off`"),
        ("rate_limit(permits = 5)", "`rate_limit` needs `permits` and `per`"),
        ("rate_limit(per = \"1s\", burst = 2)", "`rate_limit` needs `permits` and `per`"),
        ("rate_limit(permits = 0, per = \"1s\")", "`permits` is at least 1"),
        ("rate_limit(permits = 1, per = \"0s\")", "`per` must be longer than zero"),
        ("rate_limit(permits = 1, per = \"1s\", burst = 0)", "`burst` is at least 1"),
        ("max_in_flight", "`max_in_flight` takes a whole number"),
        ("max_in_flight = 0", "`max_in_flight` is at least 1"),
        ("max_in_flight(queue = 5)", "`max_in_flight` needs `limit`: write `max_in_flight(limit = 8)`"),
        ("max_in_flight(limit = 1, wait = \"0s\")", "`wait` must be longer than zero"),
        ("hedge", "write `hedge(after = \"50ms\")` or `hedge = off`"),
        ("hedge(max = 1)", "`hedge` needs `after`"),
        ("hedge(after = p99)", "`p99` is no value of `after`"),
        ("hedge(after = \"999us\")", "`after` is at least `\"1ms\"`"),
        ("hedge(after = p95, max = 6)", "`max` lies between 1 and 5"),
        ("hedge(after = p95), retry(max_retries = 1)", "either hedged or retried"),
        ("breaker(wait_up_to = \"0s\")", "longer than zero"),
        ("breaker(ramp = \"0s\")", "longer than zero"),
        ("breaker = on", "or `breaker = off`"),
        ("breaker(min_failure_rate = -0.1)", "lies between 0 and 1"),
        ("breaker(failure_threshold = 0)", "at least 1 and at most"),
        ("breaker(open = \"0s\")", "longer than zero"),
        ("breaker(max_open = \"9s\", reset_timeout = \"1s\")", "one fixed time"),
    ] {
        let (errors, _) = expand(attr, "trait Api {}");
        assert_eq!(errors.len(), 1, "{attr}: {errors:?}");
        assert!(errors[0].contains(expected), "{attr}: {errors:?}");
    }
}

#[test]
fn odd_but_legal() {
    for attr in [
        "",
        "retry(max_retries = 0, status_codes())",
        "retry(initial_backoff = \"0s\")",
        "retry(multiplier = 1)",
        "breaker()",
        "retry(budget(ratio = 0)), hedge = off",
        "retry = off, hedge(after = \"1ms\", max = 5)",
        "rate_limit(permits = 1, per = \"1us\", burst = 4294967295)",
        "max_in_flight(limit = 1, queue = 0)",
        "breaker(min_failure_rate = 0, failure_threshold = 64)",
        "breaker(min_failure_rate = 1.0)",
        "timeouts(connect = \"1s\", attempt = \"1s\", deadline = \"1s\")",
        "timeouts(attempt = none, deadline = \"1s\")",
        "headers(\"a\" = \"\", \"A\" = \"b\",),",
        "timeout = \"1us\",",
    ] {
        let (errors, _) =
            expand(attr, "trait Api { #[post(\"/\", idempotent)] async fn call(&self) -> Result<()>; }");
        assert_eq!(errors, Vec::<String>::new(), "{attr}");
    }
}

#[test]
fn errors_of_both_levels_are_told_at_once() {
    let (errors, file) = expand(
        "timout = \"1s\", base_url = \"ftp://h\", retry(multiplier = 0, jitter = much)",
        "unsafe trait Api {
            const N: u8;
            #[get(\"/{x\", timeout = \"1\")] fn a(self, #[json] b: u8);
            #[get(\"/\")] async fn fine(&self) -> Result<()>;
        }",
    );
    // Four of the attribute, `unsafe`, the constant; and of the method: the brace, the duration, `self`, `async`,
    // the return type, the body.
    assert_eq!(errors.len(), 12, "{errors:#?}");
    let items = file.items.iter().map(|item| quote!(#item).to_string()).collect::<String>();
    // The mistaken method has no operation, so that of the other one is the first.
    assert!(items.contains("fn new ()") && items.contains("__call (0)"), "{items}");
    assert!(!items.contains("\"Api::a\"") && !items.contains("unsafe"), "{items}");
}

#[test]
fn a_mistaken_method_gets_a_stand_in_and_the_others_do_not() {
    let (errors, file) = expand(
        "",
        "trait Api {
            #[get(\"/{x}\")] async fn broken(&self, #[query] #[json] y: u8) -> Result<()>;
            #[get(\"/\")] async fn fine(&self, #[query] y: u8) -> Result<()>;
        }",
    );
    assert_eq!(errors.len(), 2, "{errors:?}");
    let bodies = file.items.iter().filter_map(|item| match item {
        Item::Impl(item) if item.trait_.as_ref().is_some_and(|(path, _)| path.is_ident("Api")) => Some(item),
        _ => None,
    });
    let methods = bodies.flat_map(|item| &item.items).filter_map(|item| match item {
        ImplItem::Fn(method) => Some((method.sig.ident.to_string(), quote!(#method).to_string())),
        _ => None,
    });
    for (name, text) in methods {
        assert_eq!(text.contains("pending"), name == "broken", "{name}: {text}");
        assert!(!text.contains("# [query]") && !text.contains("# [json]"), "{text}");
    }
}

#[test]
fn another_item_comes_back_without_our_attributes() {
    for item in [
        "impl Api { #[get(\"/\")] fn a(&self, #[query] x: u8) {} }",
        "struct Api { #[header] x: u8 }",
        "trait Api { #[get(\"/\")] fn a(&self, #[query] x: u8) -> ; }",
        "fn a() {}",
        "",
    ] {
        let text = super::expand("", item);
        assert_eq!(text.matches("compile_error").count(), 1, "{item}: {text}");
        assert!(!text.contains("get") && !text.contains("query") && !text.contains("header"), "{text}");
        let name = if item.is_empty() { "compile_error" } else { item.split(' ').next().unwrap_or_default() };
        assert!(text.contains(name), "{item}: {text}");
    }
}

#[test]
fn generated_code_names_the_crate_only_by_its_path() {
    let text = super::expand(
        "crate = a::b, base_url = \"http://h\", timeout = \"1s\", breaker, retry(jitter = full, status_codes(429))",
        "trait Api { #[get(\"/\", headers(\"a\" = \"b\"))] async fn call(&self, #[query(style = csv)] x: u8, #[query] y: u8) -> R; }",
    );
    assert!(!text.contains("pynector"), "{text}");
    for word in [
        "Result",
        "Option",
        "Send",
        "Future",
        "Duration",
        "Clone",
        "Operation",
        "Client",
        "HttpTransport",
        "QueryStyle",
    ] {
        let bare = text.match_indices(word).filter(|(at, _)| {
            let before = text.get(..*at).unwrap_or_default().trim_end();
            let alone =
                text.get(at + word.len()..).is_some_and(|after| !after.starts_with(char::is_alphanumeric));
            alone && !before.ends_with("::") && !before.ends_with(char::is_alphanumeric)
        });
        assert_eq!(bare.count(), 0, "`{word}` stands bare in {text}");
    }
}

#[test]
#[should_panic(expected = "never read")]
fn errors_that_are_never_read_are_a_bug() {
    drop(crate::diagnostics::Diagnostics::new());
}

/// rustc knows `#[from]` only where another derive does, so that no case of trybuild can show it alone.
#[test]
fn an_error_enum_is_not_converted_twice() {
    let item = quote!(
        enum OrderError {
            #[other]
            Other(#[from] Error),
        }
    );
    let output = crate::expand::api_error(item).to_string();
    assert!(output.contains("leave `#[from]` out, or write `#[source]` instead"), "{output}");
    assert!(
        !output.contains("impl"),
        "the conversion is there, and a second one would be a second error: {output}"
    );
}
