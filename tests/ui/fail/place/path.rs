// errors: 1, at: path

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/{id}")]
    async fn get(&self, #[path] id: u8) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.get(1));
}
