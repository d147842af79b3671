// errors: 1, at: cursor

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/items")]
    #[paginate(cursor)]
    async fn items(&self) -> Result<()>;
}

fn main() {}
