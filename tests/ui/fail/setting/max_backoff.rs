// errors: 1, at: "1s"

use pynector::Result;

#[pynector::api(retry(initial_backoff = "2s", max_backoff = "1s"))]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
