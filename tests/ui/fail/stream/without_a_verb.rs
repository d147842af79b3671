// errors: 3, at: paginate, events, lines

use pynector::Result;

#[pynector::api]
trait Api {
    #[paginate(link)]
    async fn items(&self) -> Result<()>;

    #[events]
    async fn events(&self) -> Result<()>;
}

mod structs {
    use pynector::Endpoint;

    #[derive(Endpoint)]
    #[lines(skip_bad)]
    struct Items;
}

fn main() {}
