// errors: 1, at: paginate

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/items", paginate(link))]
    async fn items(&self) -> Result<()>;
}

fn main() {}
