// errors: 1, at: str

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/")]
    async fn get(&self, #[basic] user: &str) -> Result<()>;
}

fn main() {}
