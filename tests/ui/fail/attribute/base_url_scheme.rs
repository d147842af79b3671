// errors: 1, at: "ftp://example.com"

use pynector::Result;

#[pynector::api(base_url = "ftp://example.com")]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {
    drop(ApiClient::new().unwrap().fine());
    drop(ApiClient::at("http://localhost"));
    drop(ApiClient::builder().build());
}
