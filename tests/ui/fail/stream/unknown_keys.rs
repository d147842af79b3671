// errors: 3, at: reconect, skip, max_lines

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/events")]
    #[events(reconect)]
    async fn items(&self) -> Result<()>;

    #[get("/log")]
    #[lines(skip, max_lines = "1MiB")]
    async fn log(&self) -> Result<()>;
}

fn main() {}
