// errors: 2, at: query, cfg

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/")]
    async fn place(&self, #[cfg_attr(unix, query)] a: u8) -> Result<()>;

    #[get("/")]
    async fn parameter(&self, #[cfg_attr(unix, cfg(not(windows)))] #[query] a: u8) -> Result<()>;
}

fn main() {}
