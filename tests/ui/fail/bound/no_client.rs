// errors: 1, at: Fake

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/")]
    async fn get(&self) -> Result<()>;
}

struct Fake;

impl Api for Fake {
    async fn get(&self) -> Result<()> {
        Ok(())
    }
}

fn main() {
    drop(pynector::testing::MockTransport::new().client::<Fake>());
}
