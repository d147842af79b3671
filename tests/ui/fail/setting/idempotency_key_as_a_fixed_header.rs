// errors: 2, at: "Idempotency-Key", idempotency_key

use pynector::Result;

#[pynector::api]
trait Api {
    #[post("/", idempotency_key, headers("Idempotency-Key" = "1"))]
    async fn call(&self) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.call());
}

mod second {
    use pynector::Result;

    #[pynector::api(headers("request-id" = "1"))]
    trait Api {
        #[post("/", idempotency_key = "Request-Id")]
        async fn call(&self) -> Result<()>;
    }

    pub fn main() {
        let client = ApiClient::at("http://localhost").unwrap();
        drop(client.call());
    }
}
