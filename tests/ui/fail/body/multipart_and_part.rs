// errors: 1, at: part

use pynector::{Multipart, Result};

#[pynector::api]
trait Api {
    #[post("/")]
    async fn send(&self, #[multipart] form: Multipart, #[part] other: u8) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.send(Multipart::new(), 2));
}
