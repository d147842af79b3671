// errors: 1, at: header

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/")]
    async fn call(&self, #[header("cookie")] all: &str, #[cookie] sid: &str) -> Result<()>;
}

fn main() {}
