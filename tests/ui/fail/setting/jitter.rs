// errors: 1, at: some

use pynector::Result;

#[pynector::api(retry(jitter = some))]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
