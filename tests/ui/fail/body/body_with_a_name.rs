// errors: 1, at: "text"

use pynector::Result;

#[pynector::api]
trait Api {
    #[post("/")]
    async fn send(&self, #[body("text")] text: &str) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.send("a"));
}
