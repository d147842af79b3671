// errors: 1, at: form

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/")]
    async fn send(&self, #[form] words: &str) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.send("a"));
}
