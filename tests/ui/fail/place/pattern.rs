// errors: 1, at: [id]

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/")]
    async fn get(&self, #[query] [id]: [u8; 1]) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.get([1]));
}
