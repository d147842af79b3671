// errors: 2, at: paginate, events

use pynector::Result;

#[pynector::api]
trait Api {
    #[paginate(link)]
    async fn items(&self) -> Result<()>;

    #[events]
    async fn events(&self) -> Result<()>;
}

fn main() {}
