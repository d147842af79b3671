// errors: 1, at: N

use pynector::Result;

#[pynector::api(mock)]
trait Api {
    #[get("/{id}")]
    async fn get<const N: usize>(&self, id: u8) -> Result<()>;
}

fn main() {}
