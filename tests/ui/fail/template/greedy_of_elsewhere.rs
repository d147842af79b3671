// errors: 1, at: "/files/{path...}"

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/files/{path...}")]
    async fn call(&self, path: &str) -> Result<()>;
}

fn main() {}
