// errors: 2, at: curser, pages

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/items")]
    #[paginate(curser = "a" -> "b")]
    async fn items(&self) -> Result<()>;

    #[get("/users")]
    #[paginate(page, pages = 3)]
    async fn users(&self) -> Result<()>;
}

fn main() {}
