// errors: 1, at: proxy

use pynector::Result;

#[pynector::api(proxy = "http://proxy")]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
