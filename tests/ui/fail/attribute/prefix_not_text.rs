// errors: 1, at: v2

use pynector::Result;

#[pynector::api(prefix = v2)]
trait Api {
    #[get("/")]
    async fn call(&self) -> Result<()>;
}

fn main() {}
