// errors: 1, at: "https://example.com:99999"

use pynector::Result;

#[pynector::api(base_url = "https://example.com:99999")]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {
    drop(ApiClient::new().unwrap().fine());
    drop(ApiClient::at("http://localhost"));
    drop(ApiClient::builder().build());
}
