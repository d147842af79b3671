// errors: 2, at: base_url, prefix

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/", base_url = "http://h")]
    async fn get(&self, #[query] id: u8) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.get(1));
}

mod second {
    use pynector::Result;

    #[pynector::api]
    trait Api {
        #[get("/", prefix = "/v2")]
        async fn call(&self) -> Result<()>;
    }
}
