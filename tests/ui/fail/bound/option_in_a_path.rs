// errors: 1, at: Option

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/{id}")]
    async fn call(&self, id: Option<u64>) -> Result<()>;
}

fn main() {}
