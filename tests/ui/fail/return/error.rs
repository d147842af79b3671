// errors: 1, at: Result

use pynector::Result;

struct NoError;

#[pynector::api]
trait Api {
    #[get("/")]
    async fn get(&self) -> Result<(), NoError>;
}

fn main() {}
