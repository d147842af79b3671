// errors: 1, at: Result

use pynector::Result;

struct NoDeserialize;

#[pynector::api]
trait Api {
    #[get("/")]
    async fn get(&self) -> Result<NoDeserialize>;
}

fn main() {}
