// errors: 1, at: body

use pynector::Result;

#[pynector::api]
trait Api {
    #[http("CONNECT", "/")]
    async fn send(&self, #[body] text: &str) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.send("a"));
}
