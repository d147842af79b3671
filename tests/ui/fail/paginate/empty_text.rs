// errors: 3, at: "", "", ""

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/items")]
    #[paginate(next_url = "", items = "", more = "")]
    async fn items(&self) -> Result<()>;
}

fn main() {}
