// errors: 1, at: "https://example.com?key=1"

use pynector::Result;

#[pynector::api(base_url = "https://example.com?key=1")]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {
    drop(ApiClient::new().unwrap().fine());
    drop(ApiClient::at("http://localhost"));
    drop(ApiClient::builder().build());
}
