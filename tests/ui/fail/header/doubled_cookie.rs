// errors: 1, at: cookie

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/")]
    async fn call(&self, #[cookie] sid: &str, #[cookie("sid")] other: &str) -> Result<()>;
}

fn main() {}
