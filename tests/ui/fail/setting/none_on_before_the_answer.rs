// errors: 1, at: 1xx

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/", none_on(404, 1xx))]
    async fn get(&self) -> Result<Option<u8>>;
}

fn main() {}
