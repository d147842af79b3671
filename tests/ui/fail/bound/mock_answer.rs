// errors: 1, at: u64::from(id.len() > 1)

use pynector::Result;

#[pynector::api(mock = always)]
trait Api {
    #[get("/{id}")]
    async fn get(&self, id: &str) -> Result<u32>;
}

fn main() {
    drop(ApiMock::new().expect_get(|id| Ok(u64::from(id.len() > 1))));
}
