// errors: 1, at: header

use pynector::Result;

#[pynector::api]
trait Api {
    #[post("/")]
    async fn send(&self, #[header("Content-Type")] media: &str, #[part] file: &[u8]) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.send("a", b"b"));
}
