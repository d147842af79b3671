// errors: 1, at: Result

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/", any_status)]
    async fn get(&self) -> Result<String>;
}

fn main() {}
