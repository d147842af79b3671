// errors: 2, at: "", " "

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/items")]
    #[paginate(cursor = "" -> " ")]
    async fn items(&self) -> Result<()>;
}

fn main() {}
