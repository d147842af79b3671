// errors: 1, at: accept

use pynector::Result;

#[pynector::api(headers(accept = "text/plain"))]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
