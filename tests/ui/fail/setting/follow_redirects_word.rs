// errors: 1, at: 3

use pynector::Result;

#[pynector::api(follow_redirects = 3)]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
