// errors: 1, at: transport

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/")]
    async fn transport(&self) -> Result<()>;
}

fn main() {}
