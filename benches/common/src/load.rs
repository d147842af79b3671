//! What is asked for: the same call for every contestant.

use serde::Serialize;

/// The body of a download.
pub const DOWNLOAD: u64 = 256 << 20;

/// How many calls are in flight together.
pub const TOGETHER: usize = 64;

/// What whoever retries is allowed.
pub const ATTEMPTS: u32 = 3;

/// The parts of the path, and the values of the query.
pub const OWNER: &str = "octocat";
pub const REPO: &str = "hello-world";
pub const PAGE: u32 = 2;
pub const PER_PAGE: u32 = 50;

/// What is posted: 1 KiB of JSON.
#[derive(Clone, Debug, Serialize)]
pub struct Draft {
    pub title: String,
    pub text: String,
    pub labels: Vec<String>,
    pub milestone: Option<u32>,
    pub draft: bool,
}

impl Default for Draft {
    fn default() -> Self {
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
