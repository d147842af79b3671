//! What was expected and what came, and the words for where they part.

use std::fmt::Write as _;

use super::expectation::Times;
use super::reply::Reply;
use super::rules::Rules;
use crate::backend::SentRequest;
use crate::backend::sent::{HIDDEN, is_secret};

/// One expectation, and how many requests it took.
pub(super) struct Expected {
    label: String,
    pub(super) rules: Rules,
    pub(super) replies: Vec<Reply>,
    pub(super) times: Option<Times>,
    taken: u32,
}

impl Expected {
    pub(super) fn new(label: String) -> Self {
        Self { label, rules: Rules::default(), replies: Vec::new(), times: None, taken: 0 }
    }

    /// What it is called in reports, and where it stands.
    pub(super) fn label(&self) -> &str {
        &self.label
    }

    fn times(&self) -> Times {
        let replies = u32::try_from(self.replies.len()).unwrap_or(u32::MAX);
        self.times.unwrap_or(if replies == 0 { Times::from(1..) } else { Times::from(replies) })
    }

    fn takes(&self, sent: &SentRequest) -> bool {
        self.times().takes_another(self.taken) && self.rules.accepts(sent)
    }

    fn next_reply(&mut self) -> Reply {
        let next = self.replies.get(self.taken as usize).or(self.replies.last());
        let reply = next.cloned().unwrap_or_else(|| Reply::status(200));
        self.taken = self.taken.saturating_add(1);
        reply
    }

    fn problem(&self) -> Option<String> {
        let Self { label, taken, .. } = self;
        let times = self.times();
        if *taken < times.least {
            return Some(format!("{label} expects {times} and got {taken}\n"));
        }
        let played = usize::try_from(times.most?).unwrap_or(usize::MAX);
        let replies = self.replies.len();
        (played < replies && played > 0).then(|| format!("{label} has {replies} replies for {times}\n"))
    }
}

/// A request, and why it was not answered.
struct Received {
    sent: SentRequest,
    problem: Option<String>,
}

/// Everything that a mock knows.
#[derive(Default)]
pub(super) struct State {
    expected: Vec<Expected>,
    received: Vec<Received>,
    /// How much there was to tell when it was told last.
    told: Option<String>,
}

impl State {
    pub(super) fn expect(&mut self, expected: Expected) -> usize {
        self.expected.push(expected);
        self.expected.len() - 1
    }

    pub(super) fn change(&mut self, index: usize, change: impl FnOnce(&mut Expected)) {
        if let Some(expected) = self.expected.get_mut(index) {
            change(expected);
        }
    }

    pub(super) fn expectations(&self) -> &[Expected] {
        &self.expected
    }

    pub(super) fn requests(&self) -> impl Iterator<Item = &SentRequest> {
        self.received.iter().map(|received| &received.sent)
    }

    /// What `sent` gets.
    ///
    /// # Errors
    ///
    /// A sentence for the program that sent it, where nobody expects it; what differs is for its test alone.
    pub(super) fn answer(&mut self, sent: SentRequest) -> Result<Reply, String> {
        let taker = self.expected.iter_mut().find(|expected| expected.takes(&sent));
        let reply = taker.map(Expected::next_reply);
        let problem = reply.is_none().then(|| self.unexpected(&sent));
        self.received.push(Received { sent, problem });
        reply.ok_or_else(|| {
            "the mock expects no such request; `MockTransport::verify` shows what differs".to_owned()
        })
    }

    /// What is to be said of a request that nobody takes.
    fn unexpected(&self, sent: &SentRequest) -> String {
        let mut text = format!("request {}: {} {}", self.received.len() + 1, sent.method, target(sent));
        if !sent.operation.is_empty() {
            let _ = write!(text, " of {}, attempt {}", sent.operation, sent.attempt);
        }
        text.push('\n');
        let nearest = self.expected.iter().min_by_key(|expected| expected.rules.distance(sent));
        let Some(nearest) = nearest else {
            text.push_str("  there are no expectations\n");
            return text;
        };
        let (label, lines) = (nearest.label(), nearest.rules.compare(sent));
        if lines.iter().all(|line| line.distance() == 0) {
            let _ = writeln!(text, "  is one too many for {label}, which expects {}", nearest.times());
            return text;
        }
        let _ = writeln!(text, "  nearest is {label} (- expected, + sent)");
        for line in lines {
            line.write(&mut text);
        }
        text
    }

    /// Everything that is wrong so far.
    pub(super) fn problems(&self) -> Option<String> {
        let unexpected = self.received.iter().filter_map(|received| received.problem.clone());
        let unmet = self.expected.iter().filter_map(Expected::problem);
        let problems: Vec<_> = unexpected.chain(unmet).collect();
        let count = match problems.len() {
            0 => return None,
            1 => "1 problem".to_owned(),
            count => format!("{count} problems"),
        };
        Some(format!("the mock has {count}\n\n{}", problems.join("\n")))
    }

    /// Whether there is more to tell than was told; from now on it is told.
    pub(super) fn is_news(&mut self) -> bool {
        let problems = self.problems();
        let news = problems != self.told;
        self.told = problems;
        news
    }
}

/// Path and query as they were sent, but for secrets.
fn target(sent: &SentRequest) -> String {
    let mut target = sent.path().to_owned();
    for (index, pair) in sent.uri.query().into_iter().flat_map(|query| query.split('&')).enumerate() {
        target.push(if index == 0 { '?' } else { '&' });
        match pair.split_once('=') {
            Some((name, _)) if is_secret(name) => target.extend([name, "=", HIDDEN]),
            _ => target.push_str(pair),
        }
    }
    target
}
