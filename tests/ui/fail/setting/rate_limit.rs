// errors: 5, at: rate_limit, 0, "0s"

use pynector::Result;

#[pynector::api(rate_limit(permits = 100))]
trait Api {
    #[get("/")]
    async fn call(&self) -> Result<()>;
}

fn main() {}

mod second {
    use pynector::Result;

    #[pynector::api(rate_limit(permits = 0, per = "0s", burst = 0))]
    trait Api {
        #[get("/")]
        async fn call(&self) -> Result<()>;
    }
}

mod third {
    use pynector::Result;

    #[pynector::api]
    trait Api {
        #[get("/", rate_limit(permits = 1, per = "1s"))]
        async fn call(&self) -> Result<()>;
    }

    pub fn main() {
        let client = ApiClient::at("http://localhost").unwrap();
        drop(client.call());
    }
}
