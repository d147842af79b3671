// errors: 1, at: part

use pynector::Result;

#[pynector::api(headers("content-type" = "text/plain"))]
trait Api {
    #[post("/")]
    async fn send(&self, #[part] file: &[u8]) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.send(b"b"));
}
