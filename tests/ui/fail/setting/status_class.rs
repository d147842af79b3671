// errors: 1, at: 6xx

use pynector::Result;

#[pynector::api(retry(status_codes(6xx)))]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
