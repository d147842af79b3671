// errors: 1, at: lines

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/items")]
    async fn items(&self) -> Result<()>;

    #[lines(skip_bad)]
    async fn all(&self) -> Result<()> {
        self.items().await
    }
}

fn main() {}
