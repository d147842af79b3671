// errors: 1, at: Opaque

use pynector::Result;

struct Opaque;

#[pynector::api]
trait Api {
    #[post("/")]
    async fn send(&self, #[multipart] value: &Opaque) -> Result<()>;
}

fn main() {}
