// errors: 1, at: "0KiB"

use pynector::Result;

#[pynector::api(max_body = "0KiB")]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
