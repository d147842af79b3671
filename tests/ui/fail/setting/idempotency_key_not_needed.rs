// errors: 3, at: idempotent, idempotency_key, any_method

use pynector::Result;

#[pynector::api]
trait Api {
    #[post("/", idempotent, idempotency_key)]
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
        #[put("/", idempotency_key)]
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
        #[post("/", idempotency_key, retry(any_method))]
        async fn call(&self) -> Result<()>;
    }

    pub fn main() {
        let client = ApiClient::at("http://localhost").unwrap();
        drop(client.call());
    }
}
