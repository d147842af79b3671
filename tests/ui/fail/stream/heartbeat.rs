// errors: 1, at: "30"

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/items")]
    #[events(heartbeat = "30")]
    async fn items(&self) -> Result<()>;
}

fn main() {}
