// errors: 1, at: idempotent

use pynector::Result;

#[pynector::api(idempotent)]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
