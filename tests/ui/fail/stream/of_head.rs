// errors: 2, at: events, paginate

use pynector::Result;

#[pynector::api]
trait Api {
    #[head("/items")]
    #[events]
    async fn events(&self) -> Result<()>;

    #[http("HEAD", "/items")]
    #[paginate(link)]
    async fn items(&self) -> Result<()>;
}

fn main() {}
