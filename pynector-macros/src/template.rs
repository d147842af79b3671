//! The grammar of `"/users/{id}"`.

use syn::ext::IdentExt;
use syn::parse::Parser;

/// The names in the braces of a template.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Names {
    /// In the order of their first occurrence.
    pub(crate) all: Vec<String>,
    /// Those of `{name?}`.
    pub(crate) optional: Vec<String>,
}

/// How a placeholder is written.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    Plain,
    /// `{name?}`
    Optional,
    /// `{*name}`
    Greedy,
}

/// Reads a template: its names, or every complaint about it.
pub(crate) fn parse(text: &str) -> Result<Names, Vec<String>> {
    let starts =
        |scheme: &str| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    if starts("http://") || starts("https://") {
        let advice = "the path of a verb is appended to the base URL: write the path alone, and the rest in `base_url`";
        return Err(vec![advice.to_owned()]);
    }
    let mut reader = Reader::default();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = match rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len()) {
            0 => reader.step(c, rest),
            word => reader.text(rest, word),
        };
    }
    reader.end();
    if !reader.complaints.is_empty() {
        return Err(reader.complaints);
    }
    let optional = reader.names.iter().filter(|(_, form)| *form == Form::Optional);
    let optional = optional.map(|(name, _)| name.clone()).collect();
    Ok(Names { optional, all: reader.names.into_iter().map(|(name, _)| name).collect() })
}

/// What is known after a part of the template was read.
#[derive(Default)]
struct Reader {
    names: Vec<(String, Form)>,
    complaints: Vec<String>,
    /// The literal text of the segment so far.
    segment: String,
    /// How many placeholders the segment holds.
    placeholders: usize,
    /// The `{name?}` of the segment, which must be all of it.
    optional: Option<String>,
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
            '{' | '}' if after.starts_with(c) => return self.text(after, c.len_utf8()),
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
                if self.segment.is_empty() && self.placeholders == 0 && self.segments > 0 {
                    self.complain("`//` makes an empty segment: write one `/`");
                }
                self.end_segment();
            }
            c => return self.text(rest, c.len_utf8()),
        }
        after
    }

    /// Takes the first bytes of `rest` as they are. Returns what is left.
    fn text<'a>(&mut self, rest: &'a str, length: usize) -> &'a str {
        let (text, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        match &mut self.query {
            Some(length) => *length += text.len(),
            None => self.segment.push_str(text),
        }
        after
    }

    /// Reads a placeholder, whose `{` is already read.
    fn placeholder<'a>(&mut self, rest: &'a str) -> &'a str {
        self.placeholders += 1;
        let end = rest.find(['}', '{']).unwrap_or(rest.len());
        let Some(after) = rest.get(end..).and_then(|rest| rest.strip_prefix('}')) else {
            self.complain("a `{` is never closed: write `{name}`, or `{{` for a brace in the text");
            return rest.get(end..).unwrap_or_default();
        };
        let text = rest.get(..end).unwrap_or_default();
        if let Some(length) = &mut self.query {
            *length += 1;
            self.complain(format!(
                "`{{{text}}}` stands after the `?`, which is fixed text: mark a parameter `#[query]` instead"
            ));
        } else {
            self.named(text);
        }
        after
    }

    /// Reads what stands in the braces: `name`, `name?` or `*name`.
    fn named(&mut self, text: &str) {
        let (name, form) = match (text.strip_prefix('*'), text.strip_suffix('?')) {
            (Some(name), _) => (name, Form::Greedy),
            (None, Some(name)) => (name, Form::Optional),
            (None, None) => (text, Form::Plain),
        };
        if form == Form::Greedy && name.strip_suffix('?').is_some_and(is_name) {
            let advice = "leave out the `*` or the `?`, or write two methods";
            return self.complain(format!("`{{{text}}}` is both greedy and optional: {advice}"));
        }
        if !is_name(name) {
            return self.complain(no_name(text));
        }
        if form == Form::Greedy && self.names.iter().any(|(_, form)| *form == Form::Greedy) {
            let message = format!("`{{{text}}}` is a second greedy placeholder: a path has one of them");
            return self.complain(message);
        }
        if form == Form::Optional {
            self.optional = Some(name.to_owned());
        }
        match self.names.iter().find(|(known, _)| known == name) {
            Some((_, known)) if *known != form => {
                self.complain(format!("`{name}` stands in two forms: write `{{{text}}}` both times"));
            }
            Some(_) => {}
            None => self.names.push((name.to_owned(), form)),
        }
    }

    fn end_segment(&mut self) {
        if self.placeholders == 0 && is_dots(&self.segment) {
            let segment = &self.segment;
            self.complain(format!(
                "`{segment}` is a dot segment, which URLs resolve away: write the path that is meant"
            ));
        }
        if let Some(name) = self.optional.take()
            && (self.placeholders > 1 || !self.segment.is_empty())
        {
            self.complain(format!(
                "`{{{name}?}}` is only a part of its segment, which cannot be absent: write `/{{{name}?}}/`"
            ));
        }
        self.segment.clear();
        self.placeholders = 0;
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

/// `.` or `..`, also escaped.
fn is_dots(segment: &str) -> bool {
    segment.starts_with(['.', '%']) && matches!(&*segment.to_lowercase().replace("%2e", "."), "." | "..")
}

/// The message for what is no name, with what other languages write in the place of ours.
fn no_name(text: &str) -> String {
    if text.trim().is_empty() {
        return "`{}` names no parameter: write `{name}`".to_owned();
    }
    let rest = text.strip_suffix("...").or(text.strip_suffix('*')).or(text.strip_prefix('+'));
    if let Some(name) = rest.filter(|name| is_name(name)) {
        return format!("`{{{text}}}` names no parameter: a greedy one is written `{{*{name}}}`");
    }
    if let Some(name) = text.strip_prefix('?').filter(|name| is_name(name)) {
        return format!("`{{{text}}}` names no parameter: an optional one is written `{{{name}?}}`");
    }
    format!("`{{{text}}}` names no parameter: between the braces stands one identifier, as in `{{user_id}}`")
}

/// Whether a parameter can have this name; keywords can, as `r#type`.
pub(crate) fn is_name(name: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if name.starts_with(|first: char| first.is_ascii_alphabetic()) && name.bytes().all(word) {
        return true;
    }
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
            ("/{*rest}", &["rest"]),
            ("/{a}-{*rest}.json/{b}", &["a", "rest", "b"]),
        ];
        for (text, names) in table {
            assert_eq!(parse(text).map(|names| names.all), Ok(strings(names)), "{text}");
        }
    }

    #[test]
    fn optional_names_are_whole_segments() {
        for (text, optional) in [
            ("/{a?}", &["a"][..]),
            ("{a?}", &["a"]),
            ("/{a?}/", &["a"]),
            ("/{a?}?x=1", &["a"]),
            ("/{a}/{b?}/{a}/{b?}/{c?}", &["b", "c"]),
            ("/{*rest}/{type?}", &["type"]),
        ] {
            assert_eq!(parse(text).map(|names| names.optional), Ok(strings(optional)), "{text}");
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
            ("/{a?}.json", "`{a?}` is only a part of its segment"),
            ("/v{a?}", "write `/{a?}/`"),
            ("/{a?}{b}/c", "only a part"),
            ("/{b}{a?}?c", "only a part"),
            ("/{a?}/{a}", "`a` stands in two forms: write `{a}` both times"),
            ("/{a}/{*a}", "two forms"),
            ("/{*a}/{a?}", "two forms"),
            ("/{*a}/{*b}", "`{*b}` is a second greedy placeholder"),
            ("/{*a}/x/{*a}", "`{*a}` is a second greedy placeholder"),
            ("/{*a?}", "both greedy and optional"),
            ("/{*}", "`{*}` names no parameter"),
            ("/{?}", "`{?}` names no parameter"),
            ("/{* a}", "`{* a}` names no parameter"),
            ("/{a ?}", "`{a ?}` names no parameter"),
            ("/{a...}", "a greedy one is written `{*a}`"),
            ("/{a*}", "a greedy one is written `{*a}`"),
            ("/{+a}", "a greedy one is written `{*a}`"),
            ("/{?a}", "an optional one is written `{a?}`"),
            ("/{a:[0-9]+}", "one identifier"),
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
