// errors: 1, at: Api

use pynector::Result;

trait Named {
    fn name(&self) -> String;
}

#[pynector::api]
trait Api: Named {
    #[get("/")]
    async fn call(&self) -> Result<()>;
}

fn main() {}
