// errors: 1, at: OPERATIONS

use pynector::Result;

#[pynector::api]
trait Api {
    const OPERATIONS: usize = 1;

    #[get("/")]
    async fn call(&self) -> Result<()>;
}

fn main() {}
