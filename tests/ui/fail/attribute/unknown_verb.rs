// errors: 1, at: trace

use pynector::Result;

#[pynector::api]
trait Api {
    #[trace("/")]
    async fn get(&self, #[query] id: u8) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.get(1));
}
