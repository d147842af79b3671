// errors: 1, at: path_param

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/{id}")]
    async fn get(&self, id: u8, #[path_param("id")] other: u8) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.get(1, 2));
}
