// errors: 4, at: Result, Result, Vec, paginate

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/")]
    #[paginate(link)]
    async fn list(&self) -> Result<Vec<u8>>;

    #[get("/")]
    #[paginate(page)]
    async fn none(&self) -> Result<()>;
}

fn main() {}

mod structs {
    use pynector::Endpoint;

    #[derive(Endpoint)]
    #[get("/", response = Vec<u8>)]
    #[paginate(link)]
    struct List;

    #[derive(Endpoint)]
    #[get("/")]
    #[paginate(page)]
    struct Nothing;
}
