// errors: 1, at: impl

use pynector::Result;

#[pynector::api(mock)]
trait Api {
    #[get("/{id}")]
    async fn get(&self, id: u8) -> Result<()>;

    async fn helper(&self, ids: impl Iterator<Item = u8> + Send) -> Result<()> {
        for id in ids {
            self.get(id).await?;
        }
        Ok(())
    }
}

fn main() {}
