// errors: 1, at: 504

use pynector::Result;

#[pynector::api(retry(status_codes(504..=502)))]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
