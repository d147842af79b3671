/// An issue.
#[derive(Debug, Deserialize)]
pub struct Issue {
    /// Its number.
    pub number: u64,
    /// Its title.
    pub title: String,
}

/// What opens an issue.
#[derive(Debug, Serialize)]
pub struct NewIssue<'a> {
    /// Its title.
    pub title: &'a str,
}

/// The part of GitHub we use.
#[pynector::api(
    base_url = "https://api.github.com",
    headers("accept" = "application/vnd.github+json"),
    timeout = "10s",
    retry(max_retries = 3, initial_backoff = "500ms"),
    breaker(failure_threshold = 5),
)]
pub trait GitHub {
    /// Lists the issues of a repository.
    #[get("/repos/{owner}/{repo}/issues")]
    async fn issues(&self, owner: &str, repo: &str, #[query] page: Option<u32>) -> Result<Vec<Issue>>;

    /// Opens an issue.
    #[post("/repos/{owner}/{repo}/issues", timeout = "30s")]
    async fn open_issue(&self, owner: &str, repo: &str, #[json] issue: &NewIssue<'_>) -> Result<Issue>;
}
