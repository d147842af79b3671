// errors: 1, at: Vec

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/")]
    async fn call(&self, #[cookie] ids: Vec<u8>) -> Result<()>;
}

fn main() {}
