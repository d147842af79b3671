//! Credentials of a client at a real server, and where a mistake of somebody else could give them away.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures_util::FutureExt as _;
use futures_util::future::join_all;
use http_body_util::{BodyExt as _, Full};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use pynector::backend::{BoxFuture, ScriptBackend, Step};
use pynector::{
    Authorization, Credentials, Error, ErrorKind, HttpTransport, OAuth2, Operation, Refreshing, Timeouts,
    Token,
};
use tokio::sync::Barrier;

use crate::{GET, S, built};

const POST: Operation = Operation::post("Test::post", "/x");

#[tokio::test(start_paused = true)]
async fn a_client_secret_follows_no_redirect_of_the_token_endpoint() {
    let steps = [Step::status(307).header("location", "http://elsewhere/token"), Step::status(400)];
    let endpoint = ScriptBackend::new(steps);
    let login = OAuth2::client_credentials("http://login/token", "me", "hunter2").in_body();
    // Without `over` it is the same transport, but for its backend.
    let login =
        login.over(HttpTransport::builder("http://login/token").backend(endpoint.clone()).build().unwrap());
    let (client, script) = built(HttpTransport::builder("http://h").auth(login.build().unwrap()), []);
    let error = client.call(&GET).send::<u32>().await.unwrap_err();
    assert_eq!((error.kind(), script.requests().len()), (ErrorKind::Credentials, 0));
    let hosts: Vec<_> = endpoint.requests().iter().map(|sent| sent.uri.host().unwrap().to_owned()).collect();
    assert_eq!(hosts, ["login"]);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_cannot_be_sent_is_a_failure_that_all_who_waited_share() {
    let count = Arc::new(AtomicU32::new(0));
    let fetches = Arc::clone(&count);
    let source = Refreshing::new(move || {
        fetches.fetch_add(1, Ordering::SeqCst);
        async {
            tokio::time::sleep(S).await;
            Ok::<_, Error>(Token::new("hunter2\n"))
        }
    });
    let (client, _) = built(HttpTransport::builder("http://h").auth(source), []);
    for end in join_all((0..20).map(|_| client.call(&GET).send::<u32>())).await {
        let error = end.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Credentials);
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn a_401_of_what_a_call_says_itself_asks_for_no_other_token() {
    for (header, own) in [("authorization", "Bearer own"), ("x-key", "own")] {
        let auth = Numbered(header, AtomicU32::new(0));
        let steps = [Step::status(401), Step::json("7")];
        let (client, script) = built(HttpTransport::builder("http://h").auth(auth), steps);
        let error = client.call(&POST).header(header, own).send::<u32>().await.unwrap_err();
        assert!(error.is_unauthorized());
        assert_eq!(script.requests().len(), 1, "{header}");
    }
}

/// Other credentials each time, in a header of this name.
#[derive(Debug)]
struct Numbered(&'static str, AtomicU32);

impl Credentials for Numbered {
    fn authorize<'a>(
        &'a self,
        _: Option<&'a Authorization>,
    ) -> BoxFuture<'a, pynector::Result<Authorization>> {
        let number = self.1.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move { Authorization::header(self.0, number) })
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_panics_while_it_fetches_does_not_hold_up_the_others() {
    let count = Arc::new(AtomicU32::new(0));
    let fetches = Arc::clone(&count);
    let source = Refreshing::new(move || {
        let number = fetches.fetch_add(1, Ordering::SeqCst);
        async move {
            tokio::time::sleep(S).await;
            assert!(number != 0, "the first fetch panics");
            Ok::<_, Error>(Token::new("t"))
        }
    });
    let (client, _) =
        built(HttpTransport::builder("http://h").auth(source), [Step::json("7"), Step::json("7")]);
    let call = || {
        let client = client.clone();
        tokio::spawn(async move { client.call(&GET).send::<u32>().await })
    };
    let (panicking, one, two) = (call(), call(), call());
    assert!(panicking.await.unwrap_err().is_panic());
    assert_eq!((one.await.unwrap().unwrap(), two.await.unwrap().unwrap()), (7, 7));
    assert_eq!(count.load(Ordering::SeqCst), 2);
}

const CALLS: usize = 1000;

/// What a server with a token endpoint has seen.
struct Seen {
    tokens: AtomicU32,
    /// By the call's number: the credentials of its requests.
    calls: Mutex<HashMap<String, Vec<String>>>,
    /// The old token is refused once all calls have come with it.
    all: Barrier,
}

async fn answer(
    seen: Arc<Seen>,
    request: hyper::Request<hyper::body::Incoming>,
) -> hyper::Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    let _ = body.collect().await;
    let respond = |status: u16, body: String| {
        hyper::Response::builder().status(status).body(Full::new(Bytes::from(body))).unwrap()
    };
    if head.uri.path() == "/token" {
        let number = seen.tokens.fetch_add(1, Ordering::SeqCst) + 1;
        return respond(200, format!(r#"{{"access_token":"t{number}","token_type":"Bearer"}}"#));
    }
    let token = head.headers["authorization"].to_str().unwrap().to_owned();
    let call = head.uri.query().unwrap_or_default().to_owned();
    let warm = call.is_empty();
    seen.calls.lock().unwrap().entry(call).or_default().push(token.clone());
    if token == "Bearer t1" && !warm {
        seen.all.wait().await;
        return respond(401, String::new());
    }
    respond(200, "7".to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bod_10_a_thousand_calls_after_a_401_fetch_one_token_and_are_sent_once_more_each() {
    let seen =
        Arc::new(Seen { tokens: AtomicU32::new(0), calls: Mutex::default(), all: Barrier::new(CALLS) });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let serving = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let seen = Arc::clone(&serving);
            tokio::spawn(async move {
                let service =
                    service_fn(move |request| answer(Arc::clone(&seen), request).map(Ok::<_, Infallible>));
                let _ = auto::Builder::new(TokioExecutor::new())
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            });
        }
    });
    let login = OAuth2::client_credentials(format!("{url}/token"), "me", "secret").build().unwrap();
    // The machine may be busy; no clock is what is tested here.
    let timeouts = Timeouts::new().no_connect().no_attempt().no_deadline();
    let client = HttpTransport::builder(&url).auth(login).timeouts(timeouts).max_retries(0).build().unwrap();
    assert_eq!(client.call(&GET).send::<u32>().await.unwrap(), 7);
    assert_eq!(seen.tokens.load(Ordering::SeqCst), 1);
    let calls = join_all((0..CALLS).map(|call| {
        let client = client.clone();
        tokio::spawn(async move { client.call(&GET).query("call", &call).send::<u32>().await.unwrap() })
    }));
    assert!(calls.await.into_iter().all(|answer| answer.unwrap() == 7));
    assert_eq!(seen.tokens.load(Ordering::SeqCst), 2, "one token request after the 401s");
    let mut by_call = seen.calls.lock().unwrap();
    by_call.remove("");
    assert_eq!(by_call.len(), CALLS);
    assert!(by_call.values().all(|tokens| tokens == &["Bearer t1", "Bearer t2"]), "each is sent once more");
}
