// errors: 1, at: headers

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/")]
    #[headers("accept" = "text/plain")]
    async fn call(&self, #[query] id: u64) -> Result<()>;
}

fn main() {}
