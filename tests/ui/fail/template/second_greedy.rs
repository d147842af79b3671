// errors: 1, at: "/{*from}/to/{*to}"

use pynector::Result;

#[pynector::api]
trait Api {
    #[post("/{*from}/to/{*to}")]
    async fn call(&self, from: &str, to: &str) -> Result<()>;
}

fn main() {}
