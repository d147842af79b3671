// errors: 1, at: 0

use pynector::Result;

#[pynector::api(follow_redirects, max_redirects = 0)]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
