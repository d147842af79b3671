// errors: 1, at: Opaque

use pynector::Result;

struct Opaque;

#[pynector::api]
trait Api {
    type Item: Clone = Opaque;

    #[get("/")]
    async fn call(&self) -> Result<()>;
}

fn main() {}
