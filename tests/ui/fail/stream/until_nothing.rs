// errors: 1, at: ""

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/items")]
    #[events(until = "")]
    async fn items(&self) -> Result<()>;
}

fn main() {}
