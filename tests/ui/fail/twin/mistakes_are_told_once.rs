// errors: 2, at: "/{id}", list

use pynector::Result;

#[pynector::api(dyn, blocking, mock)]
trait Api {
    #[get("/{id}")]
    async fn get(&self) -> Result<()>;

    #[get("/")]
    async fn list() -> Result<()>;
}

fn use_all(api: DynApi, blocking: ApiBlocking) {
    drop((api.get(), blocking.get(), blocking.list()));
}

fn main() {}
