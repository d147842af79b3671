// errors: 1, at: cfg

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/{id}")]
    async fn get(&self, #[cfg(unix)] id: u8, #[cfg(unix)] #[query] page: u8) -> Result<()>;
}

fn main() {}
