// errors: 1, at: u64

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/{id?}")]
    async fn call(&self, id: u64) -> Result<()>;
}

fn main() {}
