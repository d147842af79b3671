// errors: 1, at: json

use pynector::Result;

#[pynector::api]
trait Api {
    #[http("TRACE", "/")]
    async fn get(&self, #[json] id: u8) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.get(1));
}
