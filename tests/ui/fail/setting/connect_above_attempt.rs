// errors: 1, at: "3s"

use pynector::Result;

#[pynector::api(timeout = "2s", timeouts(connect = "3s"))]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
