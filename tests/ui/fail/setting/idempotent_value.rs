// errors: 1, at: true

use pynector::Result;

#[pynector::api]
trait Api {
    #[post("/", idempotent = true)]
    async fn get(&self, #[query] id: u8) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.get(1));
}
