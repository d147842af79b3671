//! Parameters and methods named like anything that generated code might use.

use pynector::Result;

#[pynector::api(base_url = "http://localhost", dyn, mock)]
#[allow(clippy::wrong_self_convention, clippy::too_many_arguments)]
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

    #[get("/{value}/{options}")]
    async fn path(
        &self,
        value: u8,
        options: u8,
        #[query] result: u8,
        #[query] operation: u8,
        #[query] path: u8,
        #[query] query: u8,
        #[query] krate: u8,
        #[query] future: u8,
        #[query] core: u8,
        #[query] std: u8,
        #[query] pynector: u8,
    ) -> Result<()>;
}

#[test]
fn every_method_can_be_called() {
    let client = NamesClient::new().unwrap();
    drop((client.call(1, 2, 3, 4), client.r#match(1, 2, 3), client.outcome(1, "t", 2, 3)));
    drop((client.builder(1), client.new(), client.operations(), client.api(), client.wrap(1)));
    drop(client.path(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
    assert_eq!(NamesClient::OPERATIONS.len(), 9);
}

/// Keywords, words that are keywords in one edition alone, and letters from everywhere.
#[pynector::api(base_url = "http://localhost", prefix = "/{base_url}/{transport}/{type}/{gen}/{größe}")]
#[allow(non_camel_case_types)]
pub(crate) trait r#trait {
    #[get("/{naïve}/{fn}/{gen_}/{数}")]
    async fn straße(&self, naïve: u8, r#fn: u8, gen_: u8, 数: u8, #[query] ключ: u8) -> Result<()>;

    #[get("/{gen}")]
    async fn r#gen(&self, #[query] r#try: u8, #[header("x")] r#dyn: u8) -> Result<()>;

    #[get("/")]
    async fn 名前(&self) -> Result<()>;

    /// Its constant would be that of the trait.
    #[get("/")]
    async fn limit(&self) -> Result<()>;

    const LIMIT: usize = 5;
}

#[test]
fn names_in_any_script() {
    let client = traitClient::new(1, 2, 3, 4, 5).unwrap().with_type(1).with_gen(2).with_größe(3);
    let client = client.with_base_url("b").with_transport('t');
    drop((client.straße(1, 2, 3, 4, 5), client.r#gen(1, 2), client.名前(), client.limit()));
    assert!(traitClient::at("http://h", 1, 2, 3, 4, 5).is_ok());
    let transport = client.transport().clone();
    assert!(traitClient::from_transport(transport, 1, 2, 3, 4, 5).is_ok());
    assert_eq!(traitClient::OPERATIONS[1].name(), "trait::gen");
    assert_eq!(traitClient::LIMIT, 5);
}

/// What the twins of `Names` could take for something else; `new` would be a function of the blocking one.
#[pynector::api(dyn, blocking, mock, retry = off)]
pub(crate) trait TwinNames {
    #[get("/{runtime}")]
    async fn call(&self, runtime: u8, #[query] client: &str, #[query] answer: u8) -> Result<()>;

    #[get("/")]
    async fn wait(&self, #[query] mock: u8, #[query] __mock: &str, #[query] parameter1: u8) -> Result<()>;

    #[get("/")]
    async fn next(&self, #[query] __dyn: u8, #[query] __self: Option<&str>) -> Result<()>;

    async fn expected(&self, (answer, parameter1): (u8, u8), mock: &str) -> Result<u8> {
        self.call(answer, mock, parameter1).await.map(|()| answer)
    }

    fn start(&self, r#type: u8) -> u8 {
        r#type
    }
}

#[test]
fn twins_keep_names_apart() {
    let mock = TwinNamesMock::new()
        .expect_call(|runtime, client, answer| {
            assert_eq!((runtime, client, answer), (1, "c", 2));
            Ok(())
        })
        .expect_wait(|_, _, _| Ok(()))
        .expect_next(|_, _| Ok(()));
    let names = DynTwinNames::new(mock.clone());
    drop((names.wait(1, "m", 2), names.next(1, Some("s")), mock.call(1, "c", 2)));
    assert_eq!((names.start(7), mock.start_calls(), mock.call_calls()), (7, 1, 1));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let expected = std::pin::pin!(names.expected((1, 2), "c"));
    assert!(std::future::Future::poll(expected, &mut context).is_ready());
    assert_eq!((mock.expected_calls(), mock.call_calls()), (1, 2));

    let blocking = TwinNamesBlocking::at("http://localhost:9").unwrap();
    assert!(blocking.call(1, "c", 2).is_err() && blocking.wait(1, "m", 2).is_err());
    assert!(blocking.next(1, None).is_err() && blocking.expected((1, 2), "m").is_err());
    assert_eq!(blocking.start(7), 7);
    let dynamic = DynNames::new(NamesMock::new().expect_match(|_, _, _| Ok(())).expect_new(|| Ok(())));
    drop((dynamic.r#match(1, 2, 3), dynamic.new()));
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

#[tokio::test]
async fn a_fake_serves_the_default_methods() {
    async fn spawned(api: impl Faked + 'static) -> Result<(String, String)> {
        tokio::spawn(async move { api.two().await }).await.unwrap()
    }
    assert_eq!(spawned(Fake).await.unwrap(), ("1".to_owned(), "2".to_owned()));
    let _ = FakedClient::at("http://localhost");
}
