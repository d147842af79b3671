// errors: 2, at: form, style

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/")]
    async fn call(&self, #[query(style = form)] ids: &[u64], #[query(style)] names: &[&str]) -> Result<()>;
}

fn main() {}
