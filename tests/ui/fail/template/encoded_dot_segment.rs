// errors: 1, at: "/%2E%2e/b"

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/%2E%2e/b")]
    async fn get(&self, #[query] id: u8) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.get(1));
}
