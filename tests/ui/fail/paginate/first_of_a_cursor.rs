// errors: 1, at: first

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/items")]
    #[paginate(cursor = "last_id" -> "after", first = 1)]
    async fn items(&self) -> Result<()>;
}

fn main() {}
