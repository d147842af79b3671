//! The calls as pynector declares them.

use pynector::ByteStream;

use crate::load::Draft;
use crate::repository::Repository;

#[pynector::api(
    headers("accept" = "application/json", "x-client" = "bench", "x-version" = "2026-01-01", "user-agent" = "bench/1"),
    decompress = off,
)]
pub trait Api {
    #[get("/repos/{owner}/{repo}/issues")]
    async fn repository(
        &self,
        owner: &str,
        repo: &str,
        #[query] page: u32,
        #[query] per_page: u32,
    ) -> pynector::Result<Repository>;

    #[post("/repos/{owner}/{repo}/issues")]
    async fn draft(&self, owner: &str, repo: &str, #[json] draft: &Draft) -> pynector::Result<Repository>;

    #[get("/download")]
    async fn download(&self) -> pynector::Result<ByteStream>;
}
