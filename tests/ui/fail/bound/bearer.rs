// errors: 1, at: Vec

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/")]
    async fn get(&self, #[bearer] token: Vec<u8>) -> Result<()>;
}

fn main() {}
