// errors: 1, at: Answer

use pynector::Result;

#[pynector::api]
trait Api {
    type Answer: Send;

    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
