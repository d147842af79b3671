// errors: 1, at: 1024

use pynector::Result;

#[pynector::api(max_body = 1024)]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
