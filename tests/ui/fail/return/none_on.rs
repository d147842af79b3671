// errors: 1, at: Result

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/", none_on(404))]
    async fn get(&self) -> Result<Vec<u8>>;
}

fn main() {}
