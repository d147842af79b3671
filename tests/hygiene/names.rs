//! Parameters and methods named like anything that generated code might use.

use pynector::Result;

#[pynector::api(base_url = "http://localhost")]
#[allow(clippy::wrong_self_convention)]
pub(crate) trait Names {
    #[get("/{call}/{self_}")]
    async fn call(&self, call: u8, self_: u8, #[query] transport: u8, #[query] outcome: u8) -> Result<()>;

    #[get("/{type}/{async}")]
    async fn r#match(&self, r#type: u8, r#async: u8, #[header("in")] r#in: u8) -> Result<()>;

    #[post("/")]
    async fn outcome(
        &self,
        #[json] this: u8,
        #[bearer] client: &str,
        #[query] url: u8,
        #[query] request: u8,
    ) -> Result<()>;

    #[get("/")]
    async fn builder(&self, #[query] base_url: u8) -> Result<()>;

    #[get("/")]
    async fn new(&self) -> Result<()>;

    #[get("/")]
    async fn operations(&self) -> Result<()>;

    #[get("/")]
    async fn api(&self) -> Result<()>;

    #[get("/")]
    async fn wrap(&self, #[query] __pynector: u8) -> Result<()>;
}

#[test]
fn every_method_can_be_called() {
    let client = NamesClient::new().unwrap();
    drop((client.call(1, 2, 3, 4), client.r#match(1, 2, 3), client.outcome(1, "t", 2, 3)));
    drop((client.builder(1), client.new(), client.operations(), client.api(), client.wrap(1)));
    assert_eq!(NamesClient::OPERATIONS.len(), 8);
}

/// A fake is written by hand, with `async fn`.
struct Fake;

#[pynector::api]
trait Faked {
    #[get("/{id}")]
    async fn one(&self, id: u64) -> Result<String>;

    async fn two(&self) -> Result<(String, String)> {
        Ok((self.one(1).await?, self.one(2).await?))
    }
}

impl Faked for Fake {
    async fn one(&self, id: u64) -> Result<String> {
        Ok(id.to_string())
    }
}

#[test]
fn a_fake_serves_the_default_methods() {
    fn sendable(api: &(impl Faked + 'static)) -> impl Future<Output = Result<(String, String)>> + Send {
        api.two()
    }
    let mut future = std::pin::pin!(sendable(&Fake));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(answer) = future.as_mut().poll(&mut context) else {
        panic!("it waits for nothing")
    };
    assert_eq!(answer.unwrap(), ("1".to_owned(), "2".to_owned()));
    let _ = FakedClient::at("http://localhost");
}
