// errors: 1, at: timeout

use pynector::Result;

#[pynector::api(timeout = "10s", timeout = "20s")]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
