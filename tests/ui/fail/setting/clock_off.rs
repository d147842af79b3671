// errors: 1, at: off

use pynector::Result;

#[pynector::api(timeouts(read = off))]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
