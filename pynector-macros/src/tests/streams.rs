//! The attributes beside a verb: what each becomes, and every way to get one wrong.

use super::mistakes::expand;

/// The messages about one method with these attributes and parameters.
fn complaints(attributes: &str, parameters: &str) -> Vec<String> {
    expand("", &format!("trait Api {{ {attributes} async fn call(&self, {parameters}) -> R; }}")).0
}

/// The link that `attribute` puts on the operation, and the last link of the method.
fn links(attribute: &str) -> (String, String) {
    let item = format!("trait Api {{ #[get(\"/\")] {attribute} async fn call(&self) -> R; }}");
    let text = super::expand("", &item).replace(' ', "");
    assert!(!text.contains("compile_error"), "{attribute}: {text}");
    let (_, constant) = text.split_once("get(\"Api::call\",\"/\")").unwrap();
    let constant = constant.split_once("];").unwrap().0.replace("::pynector::", "");
    let outcome = text.split_once("self.__call(0).").unwrap().1.split('(').next().unwrap();
    (constant, outcome.to_owned())
}

#[test]
fn an_attribute_is_one_link_of_the_operation() {
    for (attribute, constant, outcome) in [
        ("#[paginate(link)]", ".paginate(Paginate::link())", "outcome_of_pages"),
        ("#[paginate(next_url = \"next\")]", ".paginate(Paginate::next_url(\"next\"))", "outcome_of_pages"),
        (
            "#[paginate(cursor = \"last_id\" -> \"after\", items = \"data\", more = \"has_more\")]",
            ".paginate(Paginate::cursor(\"last_id\",\"after\").items(\"data\").more(\"has_more\"))",
            "outcome_of_pages",
        ),
        (
            "#[paginate(items = \"data[-1].rows?\", cursor = \"a.b\" -> \"after\",)]",
            ".paginate(Paginate::cursor(\"a.b\",\"after\").items(\"data[-1].rows?\"))",
            "outcome_of_pages",
        ),
        ("#[paginate(page)]", ".paginate(Paginate::page(\"page\"))", "outcome_of_pages"),
        (
            "#[paginate(page = \"p\", first = 0, more = \"more\")]",
            ".paginate(Paginate::page(\"p\").more(\"more\").first(0))",
            "outcome_of_pages",
        ),
        ("#[paginate(offset)]", ".paginate(Paginate::offset(\"offset\"))", "outcome_of_pages"),
        (
            "#[paginate(offset = \"startIndex\", first = 1)]",
            ".paginate(Paginate::offset(\"startIndex\").first(1))",
            "outcome_of_pages",
        ),
        ("#[events]", ".events(EventRules::new())", "outcome_of_events"),
        (
            "#[events(until = \"[DONE]\", reconnect, heartbeat = \"30s\")]",
            ".events(EventRules::new().until(\"[DONE]\").reconnect().heartbeat(::core::time::Duration::from_secs(30)))",
            "outcome_of_events",
        ),
        (
            "#[events(heartbeat = none)]",
            ".events(EventRules::new().heartbeat(::core::time::Duration::MAX))",
            "outcome_of_events",
        ),
        ("#[lines]", ".lines(LineRules::new())", "outcome_of_lines"),
        (
            "#[lines(skip_bad, max_line = \"1MiB\")]",
            ".lines(LineRules::new().skip_bad().max_line(1<<20))",
            "outcome_of_lines",
        ),
    ] {
        let constant = format!(".rules(&OperationRules::new(){constant})");
        assert_eq!(links(attribute), (constant, outcome.to_owned()), "{attribute}");
    }
}

#[test]
fn it_may_stand_above_the_verb_and_above_a_struct() {
    let item = "trait Api { #[events] #[get(\"/\", timeout = \"1s\")] async fn call(&self) -> R; }";
    assert!(super::expand("", item).contains("outcome_of_events"));
    for (attribute, link) in
        [("#[paginate(link)]", "gives_pages"), ("#[events]", "gives_events"), ("#[lines]", "gives_lines")]
    {
        let item = format!("#[get(\"/\", response = R)] {attribute} struct Call;");
        let text = crate::expand::endpoint(item.parse().unwrap()).to_string().replace(' ', "");
        assert!(text.contains(&format!("call.{link}::<Self::Response>()")), "{text}");
    }
}

#[test]
fn every_mistake_is_one_message_that_says_what_to_write() {
    for (attributes, expected) in [
        ("#[paginate]", "what names the next page is missing: write `link`, `next_url = \"next\"`"),
        ("#[paginate(items = \"data\")]", "what names the next page is missing"),
        ("#[paginate = \"link\"]", "has its keys in parentheses: write `#[paginate(link)]`"),
        ("#[lines = 5]", "has its keys in parentheses: write `#[lines]`"),
        ("#[paginate(link, page)]", "`link` names the next page already: leave `link` or `page` out"),
        ("#[paginate(offset, page)]", "`offset` names the next page already: leave `offset` or `page` out"),
        ("#[paginate(link, link)]", "`link` stands here twice: write it once"),
        ("#[paginate(link = \"next\")]", "`link` takes no value"),
        ("#[paginate(lnk)]", "did you mean `link`?"),
        ("#[paginate(link, timeout = \"1s\")]", "`timeout` belongs in the verb, behind its path"),
        ("#[paginate(link, until = \"x\")]", "`until` belongs in `#[events(..)]`"),
        ("#[paginate(next_url)]", "`next_url` takes text: write `next_url = \"next\"`"),
        ("#[paginate(next_url = \"\")]", "nothing stands in the quotes of `next_url`"),
        ("#[paginate(next_url = \"n\", first = 1)]", "`next_url` counts nothing"),
        ("#[paginate(cursor)]", "`cursor` goes from a field of the answer to a parameter of the query"),
        ("#[paginate(cursor(\"a\", \"b\"))]", "`cursor` goes from a field"),
        ("#[paginate(cursor = )]", "`cursor` starts with a field in quotes"),
        ("#[paginate(cursor = a -> b)]", "`cursor` starts with a field in quotes"),
        ("#[paginate(cursor = \"a\")]", "where the cursor goes is missing: write `\"a\" -> \"parameter\"`"),
        ("#[paginate(cursor = \"a\" ->)]", "where the cursor goes is missing"),
        ("#[paginate(cursor = \"a\" => \"b\")]", "where the cursor goes is missing"),
        ("#[paginate(cursor = \"a\" -> b)]", "where the cursor goes is missing"),
        ("#[paginate(cursor = \"a -> b\")]", "write `\"a\" -> \"b\"`"),
        ("#[paginate(cursor = \"a\" -> \"b\" -> \"c\")]", "a `,` is missing before this"),
        ("#[paginate(cursor = \"\" -> \"b\")]", "the field of a cursor has a name"),
        ("#[paginate(cursor = \"a\" -> \" \")]", "the parameter of a cursor has a name"),
        ("#[paginate(page = \"\")]", "nothing stands in the quotes of `page`"),
        ("#[paginate(page(\"p\"))]", "`page` takes text: write `page = \"page\"`"),
        ("#[paginate(page, first)]", "`first` takes a whole number"),
        ("#[paginate(page, first = -1)]", "`first` is at least 0"),
        ("#[paginate(link, more = \"m\")]", "the header says itself whether there is a next page"),
        ("#[paginate(link, items = \"\")]", "nothing stands in the quotes of `items`"),
        ("#[events(until = \"\")]", "nothing stands in the quotes of `until`"),
        ("#[events(until)]", "`until` takes text: write `until = \"[DONE]\"`"),
        ("#[events(reconnect = true)]", "`reconnect` takes no value"),
        ("#[events(heartbeat = \"30\")]", "`30` lacks a unit"),
        ("#[events(heartbeat = \"0s\")]", "`heartbeat` must be longer than zero"),
        ("#[events(heartbeat = off)]", "write `heartbeat = \"10s\"` or `heartbeat = none`"),
        ("#[events(reconect)]", "did you mean `reconnect`? Its keys are `until`, `reconnect`, `heartbeat`"),
        ("#[lines(skip_bad = 3)]", "`skip_bad` takes no value"),
        ("#[lines(max_line = \"1MB\")]", "did you mean `MiB`?"),
        ("#[lines(max_line = \"0B\")]", "`max_line` leaves room for a byte at least"),
        ("#[lines(max_lines = \"1MiB\")]", "did you mean `max_line`?"),
        ("#[paginate(link)] #[paginate(link)]", "`#[paginate]` stands here twice: write it once"),
        ("#[events] #[lines]", "`#[events]` says it already: leave one of the two out"),
        ("#[pagination(link)]", "did you mean `#[paginate(..)]`?"),
        ("#[event(reconnect)]", "did you mean `#[events(..)]`?"),
    ] {
        let errors = complaints(&format!("#[get(\"/\")] {attributes}"), "");
        assert_eq!(errors.len(), 1, "{attributes}: {errors:?}");
        assert!(errors[0].contains(expected), "{attributes}: {errors:?}");
    }
}

#[test]
fn every_mistake_of_one_attribute_is_told_at_once() {
    let errors = complaints(
        "#[get(\"/\")] #[paginate(page = \"\", cursor = \"a\", more = \"\", items = 5, first = \"x\", whatever)]",
        "",
    );
    assert_eq!(errors.len(), 7, "{errors:?}");
}

#[test]
fn other_attributes_are_left_alone() {
    for attribute in ["#[line]", "#[event(x = 1)]", "#[a::lines(skip_bad)]", "#[inline(always)]"] {
        let errors = complaints(&format!("#[get(\"/\")] {attribute}"), "");
        assert!(errors.is_empty(), "{attribute}: {errors:?}");
    }
}

#[test]
fn it_belongs_to_a_request_whose_answer_has_a_body() {
    for (method, expected) in [
        ("#[paginate(link)] async fn call(&self) -> R;", "write the verb too, as in `#[get(\"/path\")]`"),
        ("#[paginate(link)] async fn call(&self) -> R { x() }", "a method with a body is none"),
        ("#[head(\"/\")] #[events] async fn call(&self) -> R;", "the answer to a HEAD request has no body"),
        ("#[http(\"HEAD\", \"/\")] #[lines] async fn call(&self) -> R;", "the answer to a HEAD request"),
        ("#[get(\"/\", none_on(404))] #[paginate(link)] async fn call(&self) -> R;", "`none_on` takes other"),
        ("#[get(\"/\", any_status)] #[events] async fn call(&self) -> R;", "`any_status` takes other"),
        (
            "#[get(\"/\", paginate(link))] async fn call(&self) -> R;",
            "belongs in an attribute of its own, `#[",
        ),
        ("#[get(\"/\", lines)] async fn call(&self) -> R;", "belongs in an attribute of its own, `#["),
        (
            "#[get(\"/\")] async fn call(&self, #[paginate(link)] #[query] page: u8) -> R;",
            "goes to one place",
        ),
        ("#[get(\"/\")] async fn call(&self, #[lines] page: u8) -> R;", "write it beside the verb"),
        ("async fn call(&self, #[events] page: u8) -> R { x() }", "leave it out here"),
    ] {
        let (errors, _) = expand("", &format!("trait Api {{ {method} }}"));
        assert!(errors[0].contains(expected), "{method}: {errors:?}");
        assert_eq!(errors.len() - usize::from(method.contains("#[query]")), 1, "{method}: {errors:?}");
    }
    for (item, expected) in [
        ("#[lines] struct Call;", "write the verb too"),
        ("#[get(\"/\")] struct Call { #[lines] x: u8 }", "stands above the struct, not on a field"),
        ("#[get(\"/\", events)] struct Call;", "belongs in an attribute of its own, `#["),
        ("#[get(\"/\")] #[paginate(page)] struct Call { page: u8 }", "`page` is in the path"),
    ] {
        let output = crate::expand::endpoint(item.parse().unwrap()).to_string();
        assert!(output.contains(expected), "{item}: {output}");
    }
}

#[test]
fn the_next_page_is_asked_for_in_the_query() {
    for (path, attribute, parameter, expected) in [
        ("/{page}", "#[paginate(page)]", "page: u8", "`page` is in the path"),
        ("/{p}", "#[paginate(offset = \"p\")]", "#[path_param(\"p\")] page: u8", "`p` is in the path"),
        ("/", "#[paginate(page)]", "#[json_field] page: u8", "`page` is in the body"),
        ("/", "#[paginate(cursor = \"a\" -> \"b\")]", "#[form(\"b\")] x: u8", "`b` is in the body"),
    ] {
        let errors = complaints(&format!("#[post(\"{path}\")] {attribute}"), parameter);
        assert_eq!(errors.len(), 1, "{attribute}: {errors:?}");
        assert!(errors[0].contains(expected), "{attribute}: {errors:?}");
    }
    for (attribute, parameter) in [
        ("#[paginate(page)]", "#[query] page: u8"),
        ("#[paginate(cursor = \"a\" -> \"after\")]", "#[query(\"after\")] cursor: u8"),
        ("#[paginate(page)]", "#[header(\"page\")] page: u8"),
        ("#[paginate(page)]", "#[cookie] page: u8"),
    ] {
        assert_eq!(complaints(&format!("#[get(\"/\")] {attribute}"), parameter), [""; 0]);
    }
}
