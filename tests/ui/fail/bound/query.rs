// errors: 1, at: NoSerialize

use pynector::Result;

struct NoSerialize;

#[pynector::api]
trait Api {
    #[get("/")]
    async fn get(&self, #[query] id: NoSerialize) -> Result<()>;
}

fn main() {}
