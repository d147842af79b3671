// errors: 1, at: 5

use pynector::Result;

#[pynector::api(follow_redirects = false, max_redirects = 5)]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
