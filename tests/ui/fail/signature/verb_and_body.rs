// errors: 1, at: get

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/")]
    async fn get(&self, #[query] id: u8) -> Result<()> {
        let _ = id;
        Ok(())
    }
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.get(1));
}
