// errors: 1, at: "/a?id={id}"

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/a?id={id}")]
    async fn get(&self, #[query] id: u8) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.get(1));
}
