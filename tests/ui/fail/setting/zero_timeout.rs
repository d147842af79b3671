// errors: 1, at: "0s"

use pynector::Result;

#[pynector::api(timeout = "0s")]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
