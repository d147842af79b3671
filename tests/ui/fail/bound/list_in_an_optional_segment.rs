// errors: 1, at: Option

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/{ids?}")]
    async fn call(&self, ids: Option<Vec<u64>>) -> Result<()>;
}

fn main() {}
