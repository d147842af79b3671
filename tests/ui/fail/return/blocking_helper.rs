// errors: 1, at: u32

use pynector::Result;

#[pynector::api(blocking)]
trait Api {
    #[get("/")]
    async fn get(&self) -> Result<u32>;

    async fn helper(&self) -> u32 {
        self.get().await.unwrap_or(0)
    }
}

fn main() {}
