// errors: 1, at: Api

use pynector::Result;

#[pynector::api(client = Api)]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
