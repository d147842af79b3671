// errors: 1, at: "1s"

use pynector::Result;

#[pynector::api(breaker(open = "2s", max_open = "1s"))]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
