// errors: 1, at: none_on

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/", none_on())]
    async fn get(&self) -> Result<Option<u8>>;
}

fn main() {}
