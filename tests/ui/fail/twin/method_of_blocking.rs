// errors: 1, at: at

use pynector::Result;

#[pynector::api(blocking)]
trait Api {
    #[get("/{time}")]
    async fn at(&self, time: u64) -> Result<()>;
}

fn main() {}
