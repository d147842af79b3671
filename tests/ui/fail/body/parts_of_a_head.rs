// errors: 2, at: part, part

use pynector::Result;

#[pynector::api]
trait Api {
    #[head("/")]
    async fn send(&self, #[part] one: u8, #[part] other: u8) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.send(1, 2));
}
