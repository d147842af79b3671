// errors: 1, at: breaker

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/", breaker(failure_threshold = 3))]
    async fn get(&self, #[query] id: u8) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.get(1));
}
