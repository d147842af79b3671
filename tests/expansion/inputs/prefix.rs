/// A path that all methods share.
#[pynector::api(base_url = "https://h", prefix = "/v2/{tenant}/{type}/")]
pub trait Prefixed {
    /// The prefix, one slash, and the path.
    #[get("users/{id}")]
    async fn user(&self, id: u64) -> Result<String>;
    /// The prefix alone, and a query.
    #[get("?all=1")]
    async fn all(&self) -> Result<String>;
    /// A value of the prefix once more.
    #[post("/copy/{tenant}")]
    async fn copy(&self, #[query] tenant: &str) -> Result<()>;
}
