// errors: 3, at: off, 3, retry

use pynector::Result;

#[pynector::api(timeouts(read = off))]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}

mod second {
    use pynector::Result;

    #[pynector::api(follow_redirects = 3)]
    trait Api {
        #[get("/")]
        async fn fine(&self) -> Result<()>;
    }
}

mod third {
    use pynector::Result;

    #[pynector::api(retry)]
    trait Api {
        #[get("/")]
        async fn fine(&self) -> Result<()>;
    }
}
