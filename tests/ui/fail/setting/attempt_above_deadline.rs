// errors: 1, at: "10s"

use pynector::Result;

#[pynector::api(timeouts(attempt = "10s", deadline = "5s"))]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
