// errors: 1, at: "/a#b"

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/a#b")]
    async fn get(&self, #[query] id: u8) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.get(1));
}
