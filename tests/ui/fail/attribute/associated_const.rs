// errors: 1, at: LIMIT

use pynector::Result;

#[pynector::api]
trait Api {
    const LIMIT: u32;

    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
