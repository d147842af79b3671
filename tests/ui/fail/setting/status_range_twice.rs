// errors: 1, at: 4xx

use pynector::Result;

#[pynector::api(retry(status_codes(429, 4xx)))]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
