// errors: 1, at: "/v2/{self}"

use pynector::Result;

#[pynector::api(prefix = "/v2/{self}")]
trait Api {
    #[get("/")]
    async fn call(&self) -> Result<()>;
}

fn main() {}
