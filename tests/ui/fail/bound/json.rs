// errors: 2, at: NoSerialize

use pynector::Result;

struct NoSerialize;

#[pynector::api]
trait Api {
    #[post("/")]
    async fn get(&self, #[json] id: &NoSerialize) -> Result<()>;
}

fn main() {}

mod second {
    use pynector::Result;

    struct NoSerialize;

    #[pynector::api]
    trait Api {
        #[post("/")]
        async fn send(&self, #[json_field] value: &NoSerialize) -> Result<()>;
    }
}
