// errors: 1, at: "5s"

use pynector::Result;

#[pynector::api(timeout = "10s", timeouts(attempt = "5s"))]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
