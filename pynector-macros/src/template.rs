//! The grammar of `"/users/{id}"`.

use syn::ext::IdentExt;
use syn::parse::Parser;

/// Reads a template: the names in its braces, in the order of their first occurrence, or every complaint about it.
pub(crate) fn parse(text: &str) -> Result<Vec<String>, Vec<String>> {
    if ["http://", "https://"].iter().any(|scheme| text.to_lowercase().starts_with(scheme)) {
        let advice = "the path of a verb is appended to the base URL: write the path alone, and the rest in `base_url`";
        return Err(vec![advice.to_owned()]);
    }
    let mut reader = Reader::default();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = reader.step(c, rest);
    }
    reader.end();
    if reader.complaints.is_empty() { Ok(reader.names) } else { Err(reader.complaints) }
}

/// What is known after a part of the template was read.
#[derive(Default)]
struct Reader {
    names: Vec<String>,
    complaints: Vec<String>,
    /// The literal text of the segment so far.
    segment: String,
    /// Whether the segment holds a placeholder.
    filled: bool,
    /// How many segments have ended.
    segments: usize,
    /// The length of the query so far, after `?`.
    query: Option<usize>,
}

impl Reader {
    /// Reads what `rest` starts with; `c` is its first character. Returns what is left.
    fn step<'a>(&mut self, c: char, rest: &'a str) -> &'a str {
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        match c {
            '{' | '}' if after.starts_with(c) => {
                self.text(c);
                return after.get(1..).unwrap_or_default();
            }
            '{' => return self.placeholder(after),
            '}' => self.complain("a `}` closes nothing: write `}}` for a brace in the text"),
            '#' => self.complain(
                "a `#` starts a fragment, which never reaches a server: write `%23` for the character",
            ),
            '\\' => self.complain("a `\\` cannot stand in a path: write `/`, or `%5C` for the character"),
            ' ' => self.complain("a space cannot stand in a path: write `%20`"),
            c if c.is_whitespace() || c.is_control() => {
                self.complain(format!("the character {c:?} cannot stand in a path"));
            }
            '?' if self.query.is_none() => {
                self.end_segment();
                self.query = Some(0);
            }
            '/' if self.query.is_none() => {
                if self.segment.is_empty() && !self.filled && self.segments > 0 {
                    self.complain("`//` makes an empty segment: write one `/`");
                }
                self.end_segment();
            }
            c => self.text(c),
        }
        after
    }

    fn text(&mut self, c: char) {
        match &mut self.query {
            Some(length) => *length += 1,
            None => self.segment.push(c),
        }
    }

    /// Reads a placeholder, whose `{` is already read.
    fn placeholder<'a>(&mut self, rest: &'a str) -> &'a str {
        self.filled = true;
        let end = rest.find(['}', '{']).unwrap_or(rest.len());
        let Some(after) = rest.get(end..).and_then(|rest| rest.strip_prefix('}')) else {
            self.complain("a `{` is never closed: write `{name}`, or `{{` for a brace in the text");
            return rest.get(end..).unwrap_or_default();
        };
        let name = rest.get(..end).unwrap_or_default();
        if let Some(length) = &mut self.query {
            *length += 1;
            self.complain(format!(
                "`{{{name}}}` stands after the `?`, which is fixed text: mark a parameter `#[query]` instead"
            ));
        } else if is_name(name) {
            if !self.names.iter().any(|known| known == name) {
                self.names.push(name.to_owned());
            }
        } else if name.trim().is_empty() {
            self.complain("`{}` names no parameter: write `{name}`");
        } else {
            self.complain(format!(
                "`{{{name}}}` names no parameter: between the braces stands one identifier"
            ));
        }
        after
    }

    fn end_segment(&mut self) {
        let plain = self.segment.to_lowercase().replace("%2e", ".");
        if !self.filled && (plain == "." || plain == "..") {
            let segment = &self.segment;
            self.complain(format!(
                "`{segment}` is a dot segment, which URLs resolve away: write the path that is meant"
            ));
        }
        self.segment.clear();
        self.filled = false;
        self.segments += 1;
    }

    fn end(&mut self) {
        match self.query {
            Some(0) => self.complain("nothing stands after the `?`: leave it out"),
            Some(_) => {}
            None => self.end_segment(),
        }
    }

    /// Notes a complaint, once.
    fn complain(&mut self, complaint: impl Into<String>) {
        let complaint = complaint.into();
        if !self.complaints.contains(&complaint) {
            self.complaints.push(complaint);
        }
    }
}

/// Whether a parameter can have this name; keywords can, as `r#type`.
pub(crate) fn is_name(name: &str) -> bool {
    let plain = name != "_" && !name.starts_with("r#") && name.trim() == name;
    plain && syn::Ident::parse_any.parse_str(name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_order_of_first_occurrence() {
        let table: &[(&str, &[&str])] = &[
            ("", &[]),
            ("/", &[]),
            ("users", &[]),
            ("/users/", &[]),
            ("/users/{id}", &["id"]),
            ("/{b}/{a}/{b}", &["b", "a"]),
            ("/{id}.json", &["id"]),
            ("/{a}-{b}", &["a", "b"]),
            ("/{a}{b}", &["a", "b"]),
            ("/{type}", &["type"]),
            ("/{{literal}}/{x}", &["x"]),
            ("/{{{x}}}", &["x"]),
            ("/a?b=c&d", &[]),
            ("/{x}?fixed={{1}}", &["x"]),
            ("/a?b=/../c?d", &[]),
            ("/a.b/..c/...", &[]),
            ("/%20/%", &[]),
            ("/größe/{naïve}", &["naïve"]),
            ("/{x}./.{y}", &["x", "y"]),
        ];
        for (text, names) in table {
            assert_eq!(parse(text), Ok(strings(names)), "{text}");
        }
    }

    fn strings(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn every_mistake_is_told() {
        let table = [
            ("/a b", "write `%20`"),
            ("/a\tb", "'\\t'"),
            ("/a\u{0}", "'\\0'"),
            ("/a\\b", "`\\` cannot stand"),
            ("/./a", "`.` is a dot segment"),
            ("/a/..", "`..` is a dot segment"),
            ("/%2E%2e/a", "`%2E%2e` is a dot segment"),
            ("/.%2e?x", "`.%2e` is a dot segment"),
            ("/a//b", "`//` makes an empty segment"),
            ("//a", "`//` makes an empty segment"),
            ("/a?", "nothing stands after the `?`"),
            ("/a#b", "starts a fragment"),
            ("/a?b#c", "starts a fragment"),
            ("/a}", "closes nothing"),
            ("/{a", "never closed"),
            ("/{a/b}", "`{a/b}` names no parameter"),
            ("/{a/{b}", "never closed"),
            ("/{a{b}", "never closed"),
            ("/{}", "`{}` names no parameter"),
            ("/{ }", "`{}` names no parameter"),
            ("/{1a}", "`{1a}` names no parameter"),
            ("/{a b}", "`{a b}` names no parameter"),
            ("/{ a }", "`{ a }` names no parameter"),
            ("/{_}", "`{_}` names no parameter"),
            ("/{r#type}", "`{r#type}` names no parameter"),
            ("/{a-b}", "`{a-b}` names no parameter"),
            ("/a?b={c}", "`{c}` stands after the `?`"),
            ("https://example.com/a", "appended to the base URL"),
        ];
        for (text, expected) in table {
            let complaints = parse(text).expect_err(text);
            assert_eq!(complaints.len(), 1, "{text}: {complaints:?}");
            assert!(complaints[0].contains(expected), "{text}: {complaints:?}");
        }
    }

    #[test]
    fn all_mistakes_of_one_template_are_told_once_each() {
        let complaints = parse("/a b//c d/{}").expect_err("three mistakes");
        assert_eq!(complaints.len(), 3, "{complaints:?}");
    }
}
