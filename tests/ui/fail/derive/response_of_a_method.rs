// errors: 1, at: response

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/", response = String)]
    async fn get(&self) -> Result<String>;
}

fn main() {
    drop(ApiClient::at("http://localhost").unwrap().get());
}
