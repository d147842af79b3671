// errors: 1, at: Page

use pynector::Result;

struct Page;

#[pynector::api]
trait Api {
    #[get("/")]
    async fn list(&self, #[params] page: &Page) -> Result<()>;
}

fn main() {}
