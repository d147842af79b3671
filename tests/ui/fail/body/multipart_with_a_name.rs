// errors: 1, at: "file"

use pynector::{Multipart, Result};

#[pynector::api]
trait Api {
    #[post("/")]
    async fn send(&self, #[multipart("file")] form: Multipart) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.send(Multipart::new()));
}
