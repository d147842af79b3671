// errors: 1, at: any_status

use pynector::{Response, Result};

#[pynector::api]
trait Api {
    #[get("/", none_on(404), any_status)]
    async fn get(&self) -> Result<Response<Option<u8>>>;
}

fn main() {}
