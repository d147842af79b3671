// errors: 1, at: header

use pynector::Result;

#[pynector::api]
trait Api {
    #[header("accept", "text/plain")]
    #[get("/a")]
    async fn get(&self) -> Result<()>;
}

#[allow(dead_code)]
async fn caller(client: ApiClient) -> Result<()> {
    client.get().await
}

fn main() {}
