// errors: 1, at: 600

use pynector::Result;

#[pynector::api(retry(status_codes(429, 600)))]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
