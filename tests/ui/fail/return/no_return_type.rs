// errors: 1, at: get

#[pynector::api]
trait Api {
    #[get("/")]
    async fn get(&self, #[query] id: u8);
}

#[allow(dead_code)]
async fn caller(client: ApiClient) -> pynector::Result<()> {
    client.get(1).await?;
    Ok(())
}

fn main() {}
