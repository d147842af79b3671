// errors: 1, at: 500

use pynector::Result;

#[pynector::api(retry(status_codes(500..600)))]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
