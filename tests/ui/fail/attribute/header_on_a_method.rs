// errors: 2, at: header, headers

use pynector::Result;

#[pynector::api]
trait Api {
    #[header("accept", "text/plain")]
    #[get("/a")]
    async fn get(&self) -> Result<()>;

    #[get("/all")]
    #[headers("accept" = "text/plain")]
    async fn all(&self) -> Result<()>;
}

#[allow(dead_code)]
async fn caller(client: ApiClient) -> Result<()> {
    client.get().await
}

fn main() {}
