// errors: 1, at: 10

use pynector::Result;

#[pynector::api(timeout = 10)]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
