// errors: 2, at: "1MB", 1024

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/items")]
    #[lines(max_line = "1MB")]
    async fn items(&self) -> Result<()>;

    #[get("/log")]
    #[lines(max_line = 1024)]
    async fn log(&self) -> Result<()>;
}

fn main() {}
