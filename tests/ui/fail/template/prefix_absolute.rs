// errors: 1, at: "https://h/v2"

use pynector::Result;

#[pynector::api(prefix = "https://h/v2")]
trait Api {
    #[get("/")]
    async fn call(&self) -> Result<()>;
}

fn main() {}
