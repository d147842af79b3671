// errors: 1, at: form

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/")]
    async fn call(&self, #[query(style = form)] ids: &[u64]) -> Result<()>;
}

fn main() {}
