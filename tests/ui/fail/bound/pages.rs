// errors: 2, at: Result, Pages<NoDeserialize>

use pynector::{Endpoint, Pages, Result};

pub struct NoDeserialize;

#[pynector::api]
trait Api {
    #[get("/")]
    #[paginate(link)]
    async fn list(&self) -> Result<Pages<NoDeserialize>>;
}

#[derive(Endpoint)]
#[get("/", response = Pages<NoDeserialize>)]
#[paginate(link)]
struct List;

fn main() {}
