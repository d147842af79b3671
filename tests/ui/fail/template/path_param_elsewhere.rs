// errors: 1, at: path_param

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/users")]
    async fn get(&self, #[path_param("user")] id: u8) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.get(1));
}
