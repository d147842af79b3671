// errors: 2, at: "/{id", "/v2/{tenant"

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/{id")]
    async fn get(&self, #[query] id: u8) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.get(1));
}

mod second {
    use pynector::Result;

    #[pynector::api(prefix = "/v2/{tenant")]
    trait Api {
        #[get("/")]
        async fn call(&self) -> Result<()>;
    }
}
