// errors: 1, at: "next_page_token"

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/items")]
    #[paginate(cursor = "next_page_token")]
    async fn items(&self) -> Result<()>;
}

fn main() {}
