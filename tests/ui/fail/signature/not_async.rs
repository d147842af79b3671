// errors: 2, at: fn

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/")]
    fn get(&self, #[query] id: u8) -> Result<()>;
}

#[allow(dead_code)]
async fn caller(client: ApiClient) -> Result<()> {
    client.get(1).await
}

fn main() {}

mod second {
    use pynector::Result;

    #[pynector::api]
    trait Api {
        #[get("/")]
        fn get(&self, #[query] id: u8) -> impl Future<Output = Result<()>> + Send;
    }

    #[allow(dead_code)]
    async fn caller(client: ApiClient) -> Result<()> {
        client.get(1).await
    }
}
