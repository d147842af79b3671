//! That nothing which is told, counted or shown of a call holds a secret of it (OBS-3).

use std::sync::{Arc, Mutex};

use pynector::backend::Step;
use pynector::{
    Authorization, Breaker, ByteStream, CallInfo, CallOptions, Event, Failure, Hedge, HttpTransport, Jitter,
    MaxInFlight, Observer, Operation, RateLimit, Response, RetryBudget, RetryPolicy, Timeouts,
};
use pynector_tests::raw::{RawServer, Refusing, Reply, answer};

use crate::{MS, S, built};

const SECRET: &str = "hunter2";
const GET: Operation = Operation::get("Test::get", "/x");
const POST: Operation = Operation::post("Test::post", "/x");

/// Writes down all that there is to see.
#[derive(Clone, Debug, Default)]
struct Seen(Arc<Mutex<Vec<String>>>);

impl Seen {
    fn note(&self, what: String) {
        self.0.lock().unwrap().push(what);
    }

    /// An error as a log shows it, with all its causes.
    fn error(&self, error: &pynector::Error) {
        self.note(format!("{error} {error:?} {error:#?} {:?}", error.history()));
        let mut cause = std::error::Error::source(error);
        while let Some(error) = cause {
            self.note(format!("{error} {error:?}"));
            cause = error.source();
        }
    }

    fn assert_clean(&self, least: usize) {
        let seen = self.0.lock().unwrap();
        assert!(seen.len() >= least, "{seen:#?}");
        let leaks: Vec<_> = seen.iter().filter(|line| line.contains(SECRET)).collect();
        assert!(leaks.is_empty(), "{leaks:#?}");
    }
}

impl Observer for Seen {
    fn event(&self, call: &CallInfo<'_>, event: &Event) {
        self.note(format!("{call:?} {event:?}"));
    }
}

type Builder = pynector::ClientBuilder<HttpTransport, pynector::client::BaseUrl>;

/// A client with a secret wherever one can stand.
fn planted(url: &str, seen: &Seen) -> Builder {
    let retry = RetryPolicy::new().initial_backoff(5 * MS).jitter(Jitter::None).max_retries(1);
    HttpTransport::builder(url)
        .auth(Authorization::query("key", SECRET).unwrap())
        .api_key("x-key", SECRET)
        .header("x-plain", SECRET)
        .header("cookie", SECRET)
        .retry(retry)
        .observer(seen.clone())
}

async fn calls(transport: &HttpTransport, seen: &Seen) {
    let options = CallOptions::new().bearer(SECRET).hedge(Hedge::after(MS));
    seen.note(format!("{transport:?} {options:?} {:?}", transport.circuit()));
    let get = || transport.call(&GET).query("q", SECRET).header("x-own", SECRET);
    let post = transport.call(&POST).query("q", SECRET).json(&SECRET);
    seen.note(format!("{post:?}"));
    match get().send::<Response<u32>>().await {
        // What a program asked for is its own.
        Ok(answer) => seen.note(format!("{:?}", answer.status())),
        Err(error) => seen.error(&error),
    }
    if let Err(error) = post.send::<u32>().await {
        seen.error(&error);
    }
    match transport.with_options(options).call(&GET).send::<ByteStream>().await {
        Ok(mut stream) => {
            seen.note(format!("{stream:?}"));
            while let Some(piece) = stream.next().await {
                if let Err(error) = piece {
                    seen.error(&error);
                }
            }
        }
        Err(error) => seen.error(&error),
    }
}

/// An answer that says the secret in its head and its body.
fn telling(status: u16) -> Step {
    Step::status(status).header("x-back", SECRET).header("set-cookie", SECRET).body(SECRET)
}

#[tokio::test(start_paused = true)]
async fn obs_3_nothing_tells_a_secret_whatever_becomes_of_a_call() {
    let seen = Seen::default();
    let away = || Step::status(302).header("location", "http://u:hunter2@other/y?q=hunter2#hunter2");
    let scripts: Vec<Vec<Step>> = vec![
        // A body that does not decode is the exception: its error quotes a piece of it, so here it does.
        vec![Step::json("7").header("x-back", SECRET); 9],
        vec![telling(401); 9],
        vec![telling(404); 9],
        vec![telling(503).header("retry-after", SECRET); 9],
        vec![away(); 40],
        vec![Step::status(302).header("location", "ftp://u:hunter2@h/?q=hunter2"); 9],
        vec![telling(200).header("content-encoding", "gzip"); 9],
        vec![telling(200).broken(); 9],
        vec![Step::hang(); 9],
        vec![Step::fail(Failure::Interrupted), Step::fail(Failure::Nack), Step::fail(Failure::Tls)],
    ];
    let open = Breaker::new().failure_threshold(1).min_failure_rate(0.0).wait_up_to(S);
    let settings: [fn(Builder) -> Builder; 4] = [
        |builder| builder,
        |builder| builder.rate_limit(RateLimit::new(1, 3 * S)).timeouts(Timeouts::new().deadline(5 * S)),
        |builder| builder.max_in_flight(MaxInFlight::new(1).queue(0)),
        |builder| builder.retry(RetryPolicy::new().budget(RetryBudget::new().ratio(0.0).min_per_second(0.0))),
    ];
    for steps in scripts {
        for set in settings {
            let (transport, _) = built(set(planted("http://h", &seen)).breaker(open), steps.clone());
            let clone = transport.clone();
            tokio::join!(calls(&transport, &seen), calls(&clone, &seen));
            transport.circuit().force_open();
            transport.circuit().reset();
        }
    }
    seen.assert_clean(500);
}

#[tokio::test]
async fn obs_3_the_default_backend_brings_no_secret_along() {
    let seen = Seen::default();
    let short = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n1".to_vec();
    let chunk = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n".to_vec();
    let head = b"HTTP/1.1 200 OK\r\nx-back hunter2\r\n\r\n".to_vec();
    let replies = [
        Reply::Close(Vec::new()),
        Reply::Reset(Vec::new()),
        Reply::Close(short),
        Reply::Close(chunk),
        Reply::Close(head),
        Reply::Close(b"hunter2\r\n\r\n".to_vec()),
        Reply::Hang,
        Reply::Keep(answer("500 hunter2", "x-back: hunter2\r\n", b"hunter2")),
    ];
    let hasty = Timeouts::new().attempt(300 * MS).deadline(2 * S);
    for reply in replies {
        let server = RawServer::start([reply]).await;
        calls(&planted(&server.url(), &seen).timeouts(hasty).build().unwrap(), &seen).await;
    }
    let nobody = format!("http://{}", Refusing::new().address());
    for url in [nobody.as_str(), "http://name.invalid", "https://name.invalid"] {
        calls(&planted(url, &seen).timeouts(hasty).build().unwrap(), &seen).await;
    }
    // A URL with credentials in it is refused without being repeated.
    match planted("http://u:hunter2@h", &seen).build() {
        Ok(transport) => seen.note(format!("{transport:?}")),
        Err(error) => seen.error(&error),
    }
    seen.assert_clean(60);
}
