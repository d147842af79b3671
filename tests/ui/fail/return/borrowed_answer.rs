// errors: 3, at: &

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/a")]
    async fn text(&self) -> Result<&str>;

    #[get("/b")]
    async fn list<'a>(&'a self, #[query] q: &'a str) -> Result<Vec<&'a str>>;

    #[get("/c")]
    async fn pair(&self) -> Result<(u8, &[u8])>;

    #[get("/d")]
    async fn fine(&self) -> Result<Kind<&'static str>>;
}

#[derive(serde::Deserialize)]
struct Kind<T>(std::marker::PhantomData<T>);

#[allow(dead_code)]
async fn caller(client: ApiClient) -> Result<usize> {
    client.fine().await?;
    Ok(client.text().await?.len() + client.list("q").await?.len() + client.pair().await?.1.len())
}

fn main() {}
