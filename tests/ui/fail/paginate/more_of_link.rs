// errors: 1, at: more

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/items")]
    #[paginate(link, more = "has_more")]
    async fn items(&self) -> Result<()>;
}

fn main() {}
