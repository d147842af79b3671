// errors: 1, at: 0

use pynector::Result;

#[pynector::api(breaker(probes = 0))]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
