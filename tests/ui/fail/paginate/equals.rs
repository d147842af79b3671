// errors: 1, at: "link"

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/items")]
    #[paginate = "link"]
    async fn items(&self) -> Result<()>;
}

fn main() {}
