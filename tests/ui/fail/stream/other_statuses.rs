// errors: 2, at: events, paginate

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/events", any_status)]
    #[events]
    async fn events(&self) -> Result<()>;

    #[get("/items", none_on(404))]
    #[paginate(link)]
    async fn items(&self) -> Result<()>;
}

fn main() {}
