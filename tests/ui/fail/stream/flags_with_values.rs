// errors: 2, at: true, "bad"

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/items")]
    #[events(reconnect = true)]
    async fn items(&self) -> Result<()>;

    #[get("/log")]
    #[lines(skip_bad = "bad")]
    async fn log(&self) -> Result<()>;
}

fn main() {}
