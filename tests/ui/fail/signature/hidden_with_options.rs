// errors: 1, at: with_options

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/")]
    async fn with_options(&self) -> Result<()>;
}

fn main() {}
