// errors: 1, at: 1.5

use pynector::Result;

#[pynector::api(breaker(min_failure_rate = 1.5))]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
