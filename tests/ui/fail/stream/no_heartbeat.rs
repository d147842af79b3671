// errors: 1, at: "0s"

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/items")]
    #[events(heartbeat = "0s")]
    async fn items(&self) -> Result<()>;
}

fn main() {}
