// errors: 1, at: last_id

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/items")]
    #[paginate(cursor = last_id -> after)]
    async fn items(&self) -> Result<()>;
}

fn main() {}
