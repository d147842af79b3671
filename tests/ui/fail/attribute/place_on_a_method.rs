// errors: 1, at: bearer

use pynector::Result;

#[pynector::api]
trait Api {
    #[bearer]
    #[get("/a")]
    async fn get(&self) -> Result<()>;
}

#[allow(dead_code)]
async fn caller(client: ApiClient) -> Result<()> {
    client.get().await
}

fn main() {}
