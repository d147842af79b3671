// errors: 2, at: "10s", "3s"

use pynector::Result;

#[pynector::api(timeouts(attempt = "10s", deadline = "5s"))]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}

mod second {
    use pynector::Result;

    #[pynector::api(timeout = "2s", timeouts(connect = "3s"))]
    trait Api {
        #[get("/")]
        async fn fine(&self) -> Result<()>;
    }
}
