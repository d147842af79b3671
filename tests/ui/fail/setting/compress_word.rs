// errors: 1, at: gzp

use pynector::Result;

#[pynector::api(compress = gzp)]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
