// errors: 1, at: true

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/{id}")]
    async fn call(&self, #[path_param(encoded = true)] id: &str) -> Result<()>;
}

fn main() {}
