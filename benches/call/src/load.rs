//! What is asked for: the same call for every contestant.

use serde::Serialize;

/// The body of a download.
pub(crate) const DOWNLOAD: u64 = 256 << 20;

/// How many calls are in flight together.
pub(crate) const TOGETHER: usize = 64;

/// What whoever retries is allowed.
pub(crate) const ATTEMPTS: u32 = 3;

/// The parts of the path, and the values of the query.
pub(crate) const OWNER: &str = "octocat";
pub(crate) const REPO: &str = "hello-world";
pub(crate) const PAGE: u32 = 2;
pub(crate) const PER_PAGE: u32 = 50;

/// What is posted: 1 KiB of JSON.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Draft {
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) labels: Vec<String>,
    pub(crate) milestone: Option<u32>,
    pub(crate) draft: bool,
}

impl Draft {
    pub(crate) fn new() -> Self {
        let sentence = "It fails when the second page is asked for, and not always. ";
        Self {
            title: "The second page".to_owned(),
            text: sentence.chars().cycle().take(928).collect(),
            labels: ["bug", "help wanted"].map(str::to_owned).to_vec(),
            milestone: Some(7),
            draft: false,
        }
    }
}
