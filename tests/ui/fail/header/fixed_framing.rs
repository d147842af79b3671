// errors: 1, at: "connection"

use pynector::Result;

#[pynector::api(headers("connection" = "close"))]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
