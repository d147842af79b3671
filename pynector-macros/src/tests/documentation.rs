//! What the macro understands stands in its documentation, and in the README.

use std::fs;
use std::path::Path;

use super::mistakes::{complaint, expand};

/// The pages that list every place and key: one on the macro itself, one for those who look around.
const PAGES: [&str; 2] = ["pynector/src/docs/api.md", "README.md"];

fn page(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The words that a message lists behind `lead`.
fn words(message: &str, lead: &str) -> Vec<String> {
    let list = message.split_once(lead).map(|(_, list)| list).unwrap_or_default();
    list.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The keys that a list has, by what it says of one that it has not.
fn keys(attr: &str, verb: &str) -> Vec<String> {
    let message = if attr.is_empty() {
        complaint(verb, "")
    } else {
        expand(attr, "trait Api {}").0.into_iter().next().unwrap_or_default()
    };
    words(&message, "its keys are")
}

#[test]
fn every_key_stands_in_the_documentation_and_in_the_readme() {
    for (attr, verb, least) in [
        ("qqqqqq", "", 20),
        ("", "#[get(\"/\", qqqqqq)]", 17),
        ("timeouts(qqqqqq)", "", 5),
        ("retry(qqqqqq)", "", 9),
        ("retry(budget(qqqqqq))", "", 2),
        ("breaker(qqqqqq)", "", 9),
        ("rate_limit(qqqqqq)", "", 4),
        ("max_in_flight(qqqqqq)", "", 4),
        ("hedge(qqqqqq)", "", 2),
        ("", "#[get(\"/\")] #[paginate(link, qqqqqq)]", 8),
        ("", "#[get(\"/\")] #[events(qqqqqq)]", 3),
        ("", "#[get(\"/\")] #[lines(qqqqqq)]", 2),
    ] {
        let keys = keys(attr, verb);
        assert!(keys.len() >= least, "{attr}{verb}: only {keys:?}");
        for (name, key) in PAGES.iter().flat_map(|name| keys.iter().map(move |key| (name, key))) {
            let text = page(name);
            let word = |c: char| c.is_alphanumeric() || c == '_';
            let code = text.split('`').skip(1).step_by(2).flat_map(|code| code.split(|c| !word(c)));
            assert!(code.into_iter().any(|known| known == key), "{name} does not say what `{key}` is");
        }
    }
}

#[test]
fn every_place_stands_in_the_documentation_and_in_the_readme() {
    let places = words(&complaint("#[get(\"/\")]", "#[qqqqqq] a: u8"), "the places are");
    assert!(places.len() >= 16, "only {places:?}");
    for (name, place) in PAGES.iter().flat_map(|name| places.iter().map(move |place| (name, place))) {
        let start = place.trim_end_matches(']');
        let text = page(name);
        let table = text.lines().filter(|line| line.starts_with("| "));
        let mut cells = table.filter_map(|line| line.split('|').nth(1));
        assert!(
            cells.any(|cell| cell.contains(place.as_str()) || cell.contains(&format!("{start}("))),
            "{name} has no row for `{place}`"
        );
    }
}
