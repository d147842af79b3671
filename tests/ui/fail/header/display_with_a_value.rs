// errors: 1, at: true

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/")]
    async fn call(&self, #[header("date", display = true)] date: u64) -> Result<()>;
}

fn main() {}
