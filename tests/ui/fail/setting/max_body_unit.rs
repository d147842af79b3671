// errors: 1, at: "64MB"

use pynector::Result;

#[pynector::api(max_body = "64MB")]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
