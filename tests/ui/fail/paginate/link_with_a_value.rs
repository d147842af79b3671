// errors: 1, at: "next"

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/items")]
    #[paginate(link = "next")]
    async fn items(&self) -> Result<()>;
}

fn main() {}
