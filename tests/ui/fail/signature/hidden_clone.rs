// errors: 1, at: clone

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/")]
    async fn clone(&self) -> Result<()>;
}

fn main() {}
