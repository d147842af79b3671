// errors: 1, at: of

use pynector::Result;

#[pynector::api(decompress = of)]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
