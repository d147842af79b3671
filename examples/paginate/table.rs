//! The table that is printed: a line for each page, and what was found at last.

use std::io::IsTerminal as _;

use pynector::Page;

use super::api::Issue;

/// It is printed while the pages come.
pub(crate) struct Table {
    pages: usize,
    coloured: bool,
}

impl Table {
    pub(crate) fn new() -> Self {
        println!(" page   issues   numbers          attempts     time");
        Self { pages: 0, coloured: std::io::stdout().is_terminal() }
    }

    /// A page came.
    pub(crate) fn page(&mut self, page: &Page<Issue>) {
        self.pages += 1;
        let numbers = match (page.first(), page.last()) {
            (Some(first), Some(last)) => format!("#{} .. #{}", first.number, last.number),
            _ => "none".to_owned(),
        };
        let head = page.head();
        let line = format!(
            "{:>5}   {:>6}   {numbers:<16} {:>8} {:>5} ms{}",
            page.number(),
            page.len(),
            head.attempts,
            head.elapsed.as_millis(),
            if page.is_last() { "   last" } else { "" },
        );
        println!("{}", self.painted(&line, head.attempts > 1));
    }

    /// All came, unless there `is_more`.
    pub(crate) fn end(self, issues: &[Issue], is_more: bool) {
        let more = if is_more { ", and there are more" } else { "" };
        println!("{} issues in {} pages{more}", issues.len(), self.pages);
        let mut busiest: Vec<_> = issues.iter().collect();
        busiest.sort_by_key(|issue| std::cmp::Reverse(issue.comments));
        for issue in busiest.iter().take(3) {
            println!("  {:>6}  {} ({} comments)", format!("#{}", issue.number), issue.title, issue.comments);
        }
    }

    /// Yellow at a terminal, where more than one attempt was needed.
    fn painted(&self, line: &str, retried: bool) -> String {
        if self.coloured && retried { format!("\x1b[33m{line}\x1b[0m") } else { line.to_owned() }
    }
}
