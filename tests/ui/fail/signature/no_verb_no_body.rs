// errors: 1, at: get

use pynector::Result;

#[pynector::api]
trait Api {
    async fn get(&self, id: u8) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.get(1));
}
