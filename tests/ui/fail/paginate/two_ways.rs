// errors: 2, at: offset, next_url

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/items")]
    #[paginate(page, offset, next_url = "next")]
    async fn items(&self) -> Result<()>;
}

fn main() {}
