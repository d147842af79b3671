// errors: 3, at: form, part, json

use pynector::Result;

#[pynector::api]
trait Api {
    #[post("/")]
    async fn send(&self, #[body] raw: &str, #[form] one: u8, #[part] two: u8, #[json] three: u8) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.send("a", 1, 2, 3));
}
