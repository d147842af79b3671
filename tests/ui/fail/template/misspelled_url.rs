// errors: 1, at: ulr

use pynector::Result;

#[pynector::api]
trait Api {
    #[get]
    async fn send(&self, #[ulr] link: &str) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.send("a"));
}
