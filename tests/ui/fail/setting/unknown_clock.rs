// errors: 1, at: conect

use pynector::Result;

#[pynector::api(timeouts(conect = "1s"))]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
