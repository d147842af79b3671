// errors: 1, at: retry

use pynector::Result;

#[pynector::api(retry)]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
