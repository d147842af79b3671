// errors: 1, at: timout

use pynector::Result;

#[pynector::api(timout = "10s")]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
