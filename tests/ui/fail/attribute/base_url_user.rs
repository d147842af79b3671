// errors: 1, at: "https://user:secret@example.com"

use pynector::Result;

#[pynector::api(base_url = "https://user:secret@example.com")]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {
    drop(ApiClient::new().unwrap().fine());
    drop(ApiClient::at("http://localhost"));
    drop(ApiClient::builder().build());
}
