// errors: 1, at: NoSerialize

use pynector::Result;

struct NoSerialize;

#[pynector::api]
trait Api {
    #[post("/")]
    async fn send(&self, #[json_field] value: &NoSerialize) -> Result<()>;
}

fn main() {}
