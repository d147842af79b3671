// errors: 1, at: unsafe

use pynector::Result;

#[pynector::api]
unsafe trait Api {
    #[get("/")]
    async fn get(&self) -> Result<()>;
}

fn main() {}
