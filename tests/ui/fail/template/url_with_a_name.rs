// errors: 1, at: "link"

use pynector::Result;

#[pynector::api]
trait Api {
    #[get(timeout = "1s")]
    async fn send(&self, #[url("link")] link: &str) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.send("a"));
}
