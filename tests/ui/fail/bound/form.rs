// errors: 1, at: NoSerialize

use pynector::Result;

struct NoSerialize;

#[pynector::api]
trait Api {
    #[post("/")]
    async fn send(&self, #[form] value: &NoSerialize) -> Result<()>;
}

fn main() {}
