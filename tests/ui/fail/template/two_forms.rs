// errors: 1, at: "/{tenant?}/users/{tenant}"

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/{tenant?}/users/{tenant}")]
    async fn call(&self, tenant: Option<&str>) -> Result<()>;
}

fn main() {}
