// errors: 2, at: "1s"

use pynector::Result;

#[pynector::api(retry(initial_backoff = "2s", max_backoff = "1s"))]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}

mod second {
    use pynector::Result;

    #[pynector::api(breaker(open = "2s", max_open = "1s"))]
    trait Api {
        #[get("/")]
        async fn fine(&self) -> Result<()>;
    }
}
