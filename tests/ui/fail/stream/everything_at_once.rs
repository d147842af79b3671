// errors: 4, at: "", true, "0s", keep

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/items")]
    #[events(until = "", reconnect = true, heartbeat = "0s", keep)]
    async fn items(&self) -> Result<()>;
}

fn main() {}
