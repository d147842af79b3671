// errors: 1, at: display

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/")]
    async fn call(&self, #[query("since", display)] since: u64) -> Result<()>;
}

fn main() {}
