// errors: 1, at: impl

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/a")]
    async fn get(&self) -> impl std::fmt::Display;
}

#[allow(dead_code)]
async fn caller(client: ApiClient) -> Result<()> {
    client.get().await
}

fn main() {}
