// errors: 1, at: 8080

use pynector::Result;

#[pynector::api(base_url = 8080)]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {
    drop(ApiClient::new());
}
