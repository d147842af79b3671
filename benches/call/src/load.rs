//! What is asked for and what is answered: the same call for every contestant.

use serde::{Deserialize, Serialize};

/// 300 bytes, about: what the server answers.
pub(crate) const ANSWER: &str = r#"{"id":1296269,"name":"octocat/hello-world","description":"the first repository of all, which everybody has forked","stars":80,"forks":9,"open":true,"topics":["api","atom","electron"],"owner":{"login":"octocat","id":583231,"url":"https://api.example.com/users/octocat"},"size":108.25,"license":null}"#;

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

#[derive(Debug, Deserialize)]
pub(crate) struct Owner {
    login: String,
    id: u64,
    url: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Repository {
    id: u64,
    name: String,
    description: Option<String>,
    stars: u32,
    open: bool,
    topics: Vec<String>,
    owner: Owner,
    size: f64,
}

impl Repository {
    /// Something of everything, so that nothing is decoded in vain.
    pub(crate) fn weight(&self) -> u64 {
        let texts =
            self.name.len() + self.description.as_ref().map_or(0, String::len) + self.owner.login.len();
        let lists = self.topics.len() + self.owner.url.len() + usize::from(self.open);
        self.id + self.owner.id + u64::from(self.stars) + (texts + lists) as u64 + self.size as u64
    }
}

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
