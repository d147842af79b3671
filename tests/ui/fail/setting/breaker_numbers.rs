// errors: 2, at: 1.5, 0

use pynector::Result;

#[pynector::api(breaker(min_failure_rate = 1.5))]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}

mod second {
    use pynector::Result;

    #[pynector::api(breaker(failure_threshold = 0))]
    trait Api {
        #[get("/")]
        async fn fine(&self) -> Result<()>;
    }
}
