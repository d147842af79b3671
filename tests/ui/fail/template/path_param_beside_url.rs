// errors: 1, at: path_param

use pynector::Result;

#[pynector::api]
trait Api {
    #[get]
    async fn send(&self, #[url] link: &str, #[path_param] id: u8) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.send("a", 1));
}
