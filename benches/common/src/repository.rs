//! What is answered: one value with something of everything.

use serde::Deserialize;

/// 300 bytes, about: what the server answers.
pub const ANSWER: &str = r#"{"id":1296269,"name":"octocat/hello-world","description":"the first repository of all, which everybody has forked","stars":80,"forks":9,"open":true,"topics":["api","atom","electron"],"owner":{"login":"octocat","id":583231,"url":"https://api.example.com/users/octocat"},"size":108.25,"license":null}"#;

#[derive(Debug, Deserialize)]
pub struct Owner {
    login: String,
    id: u64,
    url: String,
}

#[derive(Debug, Deserialize)]
pub struct Repository {
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
    pub fn weight(&self) -> u64 {
        let texts =
            self.name.len() + self.description.as_ref().map_or(0, String::len) + self.owner.login.len();
        let lists = self.topics.len() + self.owner.url.len() + usize::from(self.open);
        self.id + self.owner.id + u64::from(self.stars) + (texts + lists) as u64 + self.size as u64
    }
}
