// errors: 1, at: "session id"

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/")]
    async fn call(&self, #[cookie("session id")] session: &str) -> Result<()>;
}

fn main() {}
