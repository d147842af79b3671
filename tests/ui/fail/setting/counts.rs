// errors: 2, at: -, 0

use pynector::Result;

#[pynector::api(retry(max_retries = -1))]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}

mod second {
    use pynector::Result;

    #[pynector::api(breaker(probes = 0))]
    trait Api {
        #[get("/")]
        async fn fine(&self) -> Result<()>;
    }
}
