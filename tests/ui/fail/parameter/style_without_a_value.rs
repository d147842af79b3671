// errors: 1, at: style

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/")]
    async fn call(&self, #[query(style)] ids: &[u64]) -> Result<()>;
}

fn main() {}
