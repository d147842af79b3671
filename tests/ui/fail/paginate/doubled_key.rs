// errors: 1, at: items

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/items")]
    #[paginate(link, items = "data", items = "rows")]
    async fn items(&self) -> Result<()>;
}

fn main() {}
