// errors: 1, at: 404

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/", none_on = 404)]
    async fn get(&self) -> Result<Option<u8>>;
}

fn main() {}
