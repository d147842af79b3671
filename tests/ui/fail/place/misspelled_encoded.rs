// errors: 1, at: encodd

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/{id}")]
    async fn call(&self, #[path_param(encodd)] id: &str) -> Result<()>;
}

fn main() {}
