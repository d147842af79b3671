// errors: 6, at: hedge, p99, "999us", 6

use pynector::Result;

#[pynector::api(hedge)]
trait Api {
    #[get("/")]
    async fn call(&self) -> Result<()>;
}

fn main() {}

mod second {
    use pynector::Result;

    #[pynector::api(hedge(after = p99))]
    trait Api {
        #[get("/")]
        async fn call(&self) -> Result<()>;
    }
}

mod third {
    use pynector::Result;

    #[pynector::api(hedge(after = "999us", max = 6))]
    trait Api {
        #[get("/")]
        async fn call(&self) -> Result<()>;
    }
}

mod fourth {
    use pynector::Result;

    #[pynector::api(hedge(after = p95), retry(max_retries = 1))]
    trait Api {
        #[get("/")]
        async fn call(&self) -> Result<()>;
    }
}

mod fifth {
    use pynector::Result;

    #[pynector::api]
    trait Api {
        #[post("/", hedge(after = "50ms"))]
        async fn call(&self) -> Result<()>;
    }

    pub fn main() {
        let client = ApiClient::at("http://localhost").unwrap();
        drop(client.call());
    }
}
