// errors: 1, at: -

use pynector::Result;

#[pynector::api(retry(max_retries = -1))]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
