// errors: 1, at: NoSerialize

use pynector::Result;

struct NoSerialize;

#[pynector::api]
trait Api {
    #[get("/")]
    async fn get(&self, #[header("x")] id: &NoSerialize) -> Result<()>;
}

fn main() {}
