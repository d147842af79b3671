// errors: 1, at: 0.5

use pynector::Result;

#[pynector::api(retry(multiplier = 0.5))]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
