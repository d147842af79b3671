// errors: 2, at: timeout, until

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/items")]
    #[paginate(link, timeout = "5s", until = "[DONE]")]
    async fn items(&self) -> Result<()>;
}

fn main() {}
