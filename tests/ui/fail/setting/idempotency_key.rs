// errors: 4, at: "a b", raw, quoted, idempotency_key

use pynector::Result;

#[pynector::api]
trait Api {
    #[post("/", idempotency_key = "a b")]
    async fn call(&self) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.call());
}

mod second {
    use pynector::Result;

    #[pynector::api]
    trait Api {
        #[post("/", idempotency_key(raw))]
        async fn call(&self) -> Result<()>;
    }

    pub fn main() {
        let client = ApiClient::at("http://localhost").unwrap();
        drop(client.call());
    }
}

mod third {
    use pynector::Result;

    #[pynector::api]
    trait Api {
        #[post("/", idempotency_key("Request-Id", quoted))]
        async fn call(&self) -> Result<()>;
    }

    pub fn main() {
        let client = ApiClient::at("http://localhost").unwrap();
        drop(client.call());
    }
}

mod fourth {
    use pynector::Result;

    #[pynector::api(idempotency_key)]
    trait Api {
        #[get("/")]
        async fn call(&self) -> Result<()>;
    }
}
