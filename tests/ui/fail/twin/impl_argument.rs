// errors: 1, at: impl

use pynector::Result;

#[pynector::api(dyn, mock)]
trait Api {
    #[get("/{id}")]
    async fn get(&self, id: impl std::fmt::Display) -> Result<()>;
}

fn main() {}
