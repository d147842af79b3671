// errors: 1, at: "/v2/{tenant?}"

use pynector::Result;

#[pynector::api(prefix = "/v2/{tenant?}")]
trait Api {
    #[get("/")]
    async fn call(&self) -> Result<()>;
}

fn main() {}
