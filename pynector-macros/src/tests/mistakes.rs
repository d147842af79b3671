//! Every mistake is reported once, with what to write instead.

use super::expand;
#[test]
fn show() {
    let text = super::expand(
        r#"base_url = "https://api.github.com", headers("Accept" = "x/y"), timeout="10s", retry(max_retries = 3, status_codes(429, 502..=504), jitter = none), breaker(failure_threshold = 5)"#,
        r#"
/// Docs
pub trait GitHub {
    /// Lists
    #[get("/repos/{owner}/{repo}/issues")]
    async fn issues(&self, owner: &str, repo: &str, #[query] page: Option<u32>, #[query("n")] per: u8) -> Result<Vec<Issue>>;
    #[post("/x", idempotent, breaker = off)]
    async fn post(&self, #[json] body: &B) -> Result<()>;
    async fn helper(&self) -> u32 { let x = 1; x }
    #[get("/{a}")]
    async fn broken(&self) -> Result<()>;
}"#,
    );
    let file = syn::parse_file(&text).unwrap();
    println!("{}", prettyplease::unparse(&file));
}
