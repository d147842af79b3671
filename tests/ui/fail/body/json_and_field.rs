// errors: 1, at: json_field

use pynector::Result;

#[pynector::api]
trait Api {
    #[post("/")]
    async fn send(&self, #[json] one: u8, #[json_field] other: u8) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.send(1, 2));
}
