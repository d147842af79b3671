// errors: 1, at: Opaque

use pynector::Result;

struct Opaque;

#[pynector::api]
trait Api {
    #[get]
    async fn send(&self, #[url] value: &Opaque) -> Result<()>;
}

fn main() {}
