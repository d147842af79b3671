// errors: 1, at: base_url

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
