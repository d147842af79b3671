// errors: 3, at: Result, Vec, 404

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/", none_on(404))]
    async fn get(&self) -> Result<Vec<u8>>;
}

fn main() {}

mod structs {
    use pynector::Endpoint;

    #[derive(Endpoint)]
    #[get("/", response = Vec<u8>, none_on(404))]
    struct Bytes;

    #[derive(Endpoint)]
    #[delete("/", none_on(404))]
    struct Nothing;
}
