// errors: 1, at: "x-trace"

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/")]
    async fn call(&self, #[headers("x-trace")] trace: &[(&str, &str)]) -> Result<()>;
}

fn main() {}
