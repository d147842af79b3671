// errors: 1, at: 503

use pynector::Result;

#[pynector::api(retry(status_codes(429, 500..=504, 503)))]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
