// errors: 2, at: pagination, line

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/items")]
    #[pagination(link)]
    async fn items(&self) -> Result<()>;

    #[get("/log")]
    #[line(skip_bad)]
    async fn log(&self) -> Result<()>;
}

fn main() {}
