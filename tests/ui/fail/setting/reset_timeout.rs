// errors: 1, at: "60s"

use pynector::Result;

#[pynector::api(breaker(open = "2s", reset_timeout = "60s"))]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
