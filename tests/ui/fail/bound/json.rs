// errors: 1, at: NoSerialize

use pynector::Result;

struct NoSerialize;

#[pynector::api]
trait Api {
    #[post("/")]
    async fn get(&self, #[json] id: &NoSerialize) -> Result<()>;
}

fn main() {}
