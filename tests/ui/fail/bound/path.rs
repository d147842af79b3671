// errors: 1, at: Vec

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/{id}")]
    async fn get(&self, id: Vec<u8>) -> Result<()>;
}

fn main() {}
