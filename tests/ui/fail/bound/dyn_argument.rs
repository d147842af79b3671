// errors: 1, at: #[pynector::api(dyn)]

use pynector::Result;

#[pynector::api(dyn)]
trait Api {
    #[get("/{id}")]
    async fn get(&self, id: &dyn std::fmt::Display) -> Result<u32>;
}

fn main() {}
