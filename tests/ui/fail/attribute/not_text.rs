// errors: 3, at: 8080, v2, 10

use pynector::Result;

#[pynector::api(base_url = 8080)]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {
    drop(ApiClient::new());
}

mod second {
    use pynector::Result;

    #[pynector::api(prefix = v2)]
    trait Api {
        #[get("/")]
        async fn call(&self) -> Result<()>;
    }
}

mod third {
    use pynector::Result;

    #[pynector::api(timeout = 10)]
    trait Api {
        #[get("/")]
        async fn fine(&self) -> Result<()>;
    }
}
