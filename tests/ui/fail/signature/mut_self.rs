// errors: 1, at: mut

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/")]
    async fn get(&mut self, #[query] id: u8) -> Result<()>;
}

fn main() {
    let mut client = ApiClient::at("http://localhost").unwrap();
    drop(client.get(1));
}
