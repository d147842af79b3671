// errors: 1, at: events

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/items")]
    async fn items(&self, #[events] page: u32) -> Result<()>;
}

fn main() {}
