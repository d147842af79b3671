//! Placeholder.
use pynector::Result;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub struct Issue {
    number: u64,
    title: String,
}

#[pynector::api(base_url = "http://127.0.0.1:9", headers("accept" = "application/json"), timeout = "10s", retry(max_retries = 3, initial_backoff = "50ms"), breaker(failure_threshold = 5))]
pub trait GitHub {
    /// Lists the issues of a repository.
    #[get("/repos/{owner}/{repo}/issues")]
    async fn issues(&self, owner: &str, repo: &str, #[query] page: Option<u32>) -> Result<Vec<Issue>>;
}

#[tokio::main]
async fn main() -> Result<()> {
    let github = GitHubClient::new()?;
    println!("{:?}", github);
    let e = github.issues("a", "b", Some(2)).await.unwrap_err();
    println!("{e}\n{e:#?}");
    Ok(())
}
