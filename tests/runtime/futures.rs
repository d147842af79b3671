//! The futures of generated calls are small whatever they return, and calls within calls fit on a small stack.

use std::future::Future;
use std::sync::Arc;
use std::thread;

use pynector::backend::{BoxFuture, ScriptBackend, Step};
use pynector::{Authorization, ByteStream, Credentials, Error, Events, Pages, Response, Result};

use crate::{Things as _, ThingsClient, built};

/// Of a call, in bytes: what a program's own futures grow by for each that they hold.
const MOST: usize = 1536;
/// The least that a thread of a program has, in bytes, where nobody asked for another: that of a spawned thread.
const STACK: usize = 2 << 20;
/// Calls, each of which is made within the one before, by credentials that make a call to get theirs. Without optimisation each
/// takes 40 KiB of stack, so there is room for half as many more.
const DEEP: u32 = 32;

#[derive(Debug)]
struct Refused;

impl From<Error> for Refused {
    fn from(_: Error) -> Self {
        Self
    }
}

#[derive(serde::Serialize)]
struct Wide {
    words: [u64; 8],
}

#[pynector::api(dyn)]
trait Kinds {
    #[get("/json/{a}/{b}")]
    async fn json(&self, a: &str, b: &str, #[query] c: u32, #[header("x-d")] d: &str) -> Result<[u64; 16]>;

    #[post("/posted")]
    async fn posted(&self, #[json] wide: &Wide) -> Result<u32, Refused>;

    #[delete("/nothing/{id}")]
    async fn nothing(&self, id: u64) -> Result<()>;

    #[get("/text")]
    async fn text(&self) -> Result<String>;

    #[get("/bytes")]
    async fn bytes(&self) -> Result<bytes::Bytes>;

    #[get("/response")]
    async fn response(&self) -> Result<Response<String>>;

    #[get("/stream")]
    async fn stream(&self) -> Result<ByteStream>;

    #[get("/pages")]
    #[paginate(link)]
    async fn pages(&self) -> Result<Pages<u64>>;

    #[get("/events")]
    async fn events(&self) -> Result<Events<u64>>;
}

/// Names and sizes of the futures of all methods.
fn sizes<T: Kinds>(api: &T) -> [(&'static str, usize); 9] {
    let wide = Wide { words: [7; 8] };
    [
        ("json", size(&api.json("a", "b", 3, "d"))),
        ("posted", size(&api.posted(&wide))),
        ("nothing", size(&api.nothing(1))),
        ("text", size(&api.text())),
        ("bytes", size(&api.bytes())),
        ("response", size(&api.response())),
        ("stream", size(&api.stream())),
        ("pages", size(&api.pages())),
        ("events", size(&api.events())),
    ]
}

fn size(future: &impl Future) -> usize {
    std::mem::size_of_val(future)
}

#[test]
fn the_future_of_a_call_is_small_whatever_it_returns() {
    let (api, _) = built(KindsClient::builder().base_url("http://h"), []);
    let large: Vec<_> = sizes(&api).into_iter().filter(|(_, size)| *size > MOST).collect();
    assert!(large.is_empty(), "more than {MOST} bytes: {large:?}, of {:?}", sizes(&api));
    let behind = DynKinds::new(api);
    assert!(sizes(&behind).iter().all(|(_, size)| *size <= MOST), "{:?}", sizes(&behind));
}

/// Asks the client inside for its token, by a call.
#[derive(Debug)]
struct Asking(ThingsClient);

impl Credentials for Asking {
    fn authorize<'a>(&'a self, _: Option<&'a Authorization>) -> BoxFuture<'a, Result<Authorization>> {
        Box::pin(async move { Authorization::bearer(self.0.get(1).await?.to_string()) })
    }
}

/// Runs it on a thread with a stack of its own.
fn on_a_small_stack(run: impl AsyncFnOnce() + Send + 'static) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let thread = thread::Builder::new().stack_size(STACK);
    thread.spawn(move || runtime.block_on(run())).unwrap().join().unwrap();
}

#[test]
fn calls_that_wait_for_one_another_fit_on_a_small_stack() {
    on_a_small_stack(async || {
        let mut client = built(ThingsClient::builder().base_url("http://h"), [Step::json("7")]).0;
        let mut scripts = Vec::new();
        for _ in 0..DEEP {
            let builder = ThingsClient::builder().base_url("http://h").auth(Asking(client));
            let script;
            (client, script) = built(builder, [Step::json("7")]);
            scripts.push(script);
        }
        assert_eq!(client.get(1).await.unwrap(), 7);
        assert!(
            scripts.iter().all(|script| script.requests()[0].header("authorization") == Some("Bearer 7"))
        );
    });
}

/// A call on the way down and one on the way up.
fn tree(api: Arc<ThingsClient>, depth: u32) -> BoxFuture<'static, Result<u32>> {
    Box::pin(async move {
        let here = api.get(depth).await?;
        let below = if depth == 0 { 0 } else { tree(api.clone(), depth - 1).await? };
        Ok(here + below + api.get(depth).await?)
    })
}

#[test]
fn a_recursion_of_a_thousand_functions_that_call_fits_on_a_small_stack() {
    on_a_small_stack(async || {
        let script: Vec<_> = (0..2 * 1001).map(|_| Step::json("1")).collect();
        let (api, script): (_, ScriptBackend) = built(ThingsClient::builder().base_url("http://h"), script);
        assert_eq!(tree(Arc::new(api), 1000).await.unwrap(), 2 * 1001);
        assert_eq!(script.remaining(), 0);
    });
}
