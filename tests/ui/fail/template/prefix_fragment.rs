// errors: 1, at: "/v2/{tenant}#x"

use pynector::Result;

#[pynector::api(prefix = "/v2/{tenant}#x")]
trait Api {
    #[get("/")]
    async fn call(&self) -> Result<()>;
}

fn main() {
    let _ = ApiClient::at("http://h", "a");
}
