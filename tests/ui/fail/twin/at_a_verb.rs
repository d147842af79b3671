// errors: 1, at: mock

use pynector::Result;

#[pynector::api()]
trait Api {
    #[get("/", mock)]
    async fn get(&self) -> Result<()>;
}

fn main() {}
