// errors: 1, at: "x:y"

use pynector::Result;

#[pynector::api(headers("x:y" = "1"))]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
