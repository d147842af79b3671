// errors: 1, at: Trace

use pynector::Result;

struct Trace;

#[pynector::api]
trait Api {
    #[get("/")]
    async fn call(&self, #[headers] trace: &Trace) -> Result<()>;
}

fn main() {}
