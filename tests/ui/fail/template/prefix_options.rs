// errors: 1, at: "/v2/{options}"

use pynector::Result;

#[pynector::api(prefix = "/v2/{options}")]
trait Api {
    #[get("/")]
    async fn call(&self) -> Result<()>;
}

fn main() {}
