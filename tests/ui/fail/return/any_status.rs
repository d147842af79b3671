// errors: 3, at: Result, Option, any_status

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/", any_status)]
    async fn get(&self) -> Result<String>;
}

fn main() {}

mod structs {
    use pynector::Endpoint;

    #[derive(Endpoint)]
    #[get("/", response = Option<String>, any_status)]
    struct Text;

    #[derive(Endpoint)]
    #[head("/", any_status)]
    struct Probe;
}
