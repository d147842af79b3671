// errors: 1, at: prefix

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/", prefix = "/v2")]
    async fn call(&self) -> Result<()>;
}

fn main() {}
