// errors: 1, at: with_tenant

use pynector::Result;

#[pynector::api(prefix = "/{tenant}")]
trait Api {
    #[get("/")]
    async fn with_tenant(&self) -> Result<()>;

    #[get("/")]
    async fn tenant(&self) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://h", "a").unwrap();
    drop(client.with_tenant("b").tenant());
}
