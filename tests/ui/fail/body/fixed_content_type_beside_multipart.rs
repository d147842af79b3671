// errors: 1, at: "Content-Type"

use pynector::{Multipart, Result};

#[pynector::api]
trait Api {
    #[post("/", headers("Content-Type" = "multipart/mixed"))]
    async fn send(&self, #[multipart] form: Multipart) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.send(Multipart::new()));
}
