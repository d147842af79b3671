// errors: 2, at: page, "p"

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/items/{page}")]
    #[paginate(page)]
    async fn items(&self, page: u32) -> Result<()>;

    #[get("/users/{p}")]
    #[paginate(offset = "p")]
    async fn users(&self, #[path_param("p")] at: u32) -> Result<()>;
}

fn main() {}
