// errors: 1, at: to_request

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/")]
    async fn to_request(&self) -> Result<()>;
}

fn main() {}
