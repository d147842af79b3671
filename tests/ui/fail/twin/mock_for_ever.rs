// errors: 1, at: never

use pynector::Result;

#[pynector::api(mock = never)]
trait Api {
    #[get("/")]
    async fn get(&self) -> Result<()>;
}

fn main() {}
