// errors: 2, at: paginate, paginate

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/items")]
    #[paginate]
    async fn items(&self) -> Result<()>;

    #[get("/users")]
    #[paginate(items = "data")]
    async fn users(&self) -> Result<()>;
}

fn main() {}
