// errors: 1, at: multipart

use pynector::{Multipart, Result};

#[pynector::api]
trait Api {
    #[post("/")]
    async fn send(&self, #[multipart] form: Multipart, #[multipart] other: Multipart) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.send(Multipart::new(), Multipart::new()));
}
