// errors: 1, at: "1"

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/items")]
    #[paginate(page, first = "1")]
    async fn items(&self) -> Result<()>;
}

fn main() {}
