// errors: 1, at: "a\nb"

use pynector::Result;

#[pynector::api(headers("x" = "a\nb"))]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
