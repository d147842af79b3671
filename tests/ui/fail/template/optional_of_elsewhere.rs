// errors: 1, at: "/users/{?page}"

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/users/{?page}")]
    async fn call(&self, page: Option<u32>) -> Result<()>;
}

fn main() {}
