// errors: 1, at: "/"

use pynector::Result;

#[pynector::api(prefix = "/")]
trait Api {
    #[get("/")]
    async fn call(&self) -> Result<()>;
}

fn main() {}
