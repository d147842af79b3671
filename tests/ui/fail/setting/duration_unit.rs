// errors: 1, at: "10sec"

use pynector::Result;

#[pynector::api(timeout = "10sec")]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
