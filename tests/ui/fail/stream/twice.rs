// errors: 2, at: events, lines

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/items")]
    #[events]
    #[events]
    #[lines]
    async fn items(&self) -> Result<()>;
}

fn main() {}
