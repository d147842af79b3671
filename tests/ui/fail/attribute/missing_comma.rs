// errors: 1, at: retry

use pynector::Result;

#[pynector::api(timeout = "10s" retry = off)]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
