// errors: 1, at: "ids[]"

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/")]
    async fn call(&self, #[query(style = csv, "ids[]")] ids: &[u64]) -> Result<()>;
}

fn main() {}
