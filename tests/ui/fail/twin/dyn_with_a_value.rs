// errors: 1, at: true

use pynector::Result;

#[pynector::api(dyn = true)]
trait Api {
    #[get("/")]
    async fn get(&self) -> Result<()>;
}

fn main() {}
