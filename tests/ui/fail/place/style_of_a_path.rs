// errors: 1, at: style

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/{ids}")]
    async fn call(&self, #[path_param("ids", style = csv)] ids: &str) -> Result<()>;
}

fn main() {}
