// errors: 1, at: 65

use pynector::Result;

#[pynector::api(breaker(failure_threshold = 65))]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
