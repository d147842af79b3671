//! Credentials that are asked for before each attempt, and what becomes of them.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use pynector::backend::{BoxFuture, ScriptBackend, Step};
use pynector::{
    Authorization, Body, CallOptions, Credentials, DelaySource, Error, ErrorKind, Event, HttpTransport,
    Jitter, OAuth2, Operation, Refreshing, Response, Result, RetryPolicy, Timeouts, Token,
};
use pynector_tests::Journal;

use crate::{GET, MS, S, built};

const POST: Operation = Operation::post("Test::post", "/x");
const WHOLE: Operation = Operation::get("Test::whole", "");

/// Numbers its tokens, and counts how often it was asked and what was refused.
#[derive(Clone, Debug, Default)]
struct Numbered {
    asked: Arc<AtomicUsize>,
    refused: Arc<AtomicUsize>,
    takes: Duration,
}

impl Credentials for Numbered {
    fn authorize<'a>(&'a self, rejected: Option<&'a Authorization>) -> BoxFuture<'a, Result<Authorization>> {
        let number = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        self.refused.fetch_add(usize::from(rejected.is_some()), Ordering::SeqCst);
        Box::pin(async move {
            tokio::time::sleep(self.takes).await;
            Authorization::bearer(format!("hunter{number}"))
        })
    }
}

fn authorized(
    credentials: impl Credentials,
    steps: impl IntoIterator<Item = Step>,
) -> (HttpTransport, ScriptBackend, Journal) {
    let journal = Journal::default();
    let retry = RetryPolicy::new().initial_backoff(100 * MS).jitter(Jitter::None);
    let builder = HttpTransport::builder("http://h").retry(retry).auth(credentials);
    let (transport, script) = built(builder.observer(journal.clone()), steps);
    (transport, script, journal)
}

fn sent(script: &ScriptBackend) -> Vec<String> {
    let sent = script.requests().into_iter();
    sent.map(|request| request.header("authorization").unwrap_or("none").to_owned()).collect()
}

#[tokio::test(start_paused = true)]
async fn bod_10_each_attempt_has_fresh_credentials_and_the_same_headers() {
    let (transport, script, _) = authorized(Numbered::default(), [Step::status(503), Step::json("7")]);
    let value = transport.call(&GET).header("x-own", "1").send::<u32>().await.unwrap();
    assert_eq!((value, sent(&script)), (7, vec!["Bearer hunter1".to_owned(), "Bearer hunter2".to_owned()]));
    assert!(script.requests().iter().all(|request| request.header("x-own") == Some("1")));
}

#[tokio::test(start_paused = true)]
async fn a_401_is_sent_once_more_with_other_credentials_uncounted_and_unpaid() {
    let source = Numbered::default();
    let (transport, script, journal) = authorized(source.clone(), [Step::status(401), Step::json("7")]);
    let never = transport.with_options(CallOptions::new().retry(RetryPolicy::off()));
    assert_eq!(never.call(&POST).json(&"once").send::<u32>().await.unwrap(), 7, "a 401 was not processed");
    assert_eq!(sent(&script), ["Bearer hunter1", "Bearer hunter2"]);
    assert_eq!(source.refused.load(Ordering::SeqCst), 1);
    let scheduled = journal.events().into_iter().find_map(|event| match event {
        Event::RetryScheduled { delay, source, attempt, .. } => Some((delay, source, attempt)),
        _ => None,
    });
    assert_eq!(scheduled, Some((Duration::ZERO, DelaySource::Credentials, 2)));
}

#[tokio::test(start_paused = true)]
async fn idm_1_a_program_that_says_never_is_obeyed_after_a_401_too() {
    let never = |_: &pynector::AttemptFacts<'_>| pynector::Opinion::never_retry();
    let builder = HttpTransport::builder("http://h").auth(Numbered::default()).classify(never);
    let (transport, script) = built(builder, vec![Step::status(401); 5]);
    assert!(transport.call(&GET).send::<u32>().await.unwrap_err().is_unauthorized());
    assert_eq!(script.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_second_401_is_the_end() {
    let (transport, script, _) = authorized(Numbered::default(), vec![Step::status(401); 5]);
    let error = transport.call(&GET).send::<u32>().await.unwrap_err();
    assert!(error.is_unauthorized());
    assert_eq!((error.attempts(), script.requests().len()), (2, 2));
}

#[tokio::test(start_paused = true)]
async fn the_same_credentials_again_are_not_sent_again() {
    let (transport, script, _) =
        authorized(Authorization::bearer("hunter2").unwrap(), vec![Step::status(401); 5]);
    let error = transport.call(&GET).send::<u32>().await.unwrap_err();
    assert!(error.is_unauthorized());
    assert_eq!((error.attempts(), script.requests().len()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_body_that_is_gone_is_not_sent_again() {
    let (transport, script, _) = authorized(Numbered::default(), vec![Step::status(401); 5]);
    let pieces = futures_util::stream::iter([Ok::<_, std::io::Error>(pynector::bytes::Bytes::from("once"))]);
    let error = transport.call(&POST).body(Body::stream(pieces)).send::<u32>().await.unwrap_err();
    assert!(error.is_unauthorized());
    assert_eq!(script.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_a_call_says_itself_wins() {
    let source = Numbered::default();
    let (transport, script, _) = authorized(source.clone(), [Step::json("1"), Step::json("2")]);
    transport.call(&GET).bearer("mine").send::<u32>().await.unwrap();
    let options = CallOptions::new().bearer("theirs");
    transport.with_options(options).call(&GET).send::<u32>().await.unwrap();
    assert_eq!(sent(&script), ["Bearer mine", "Bearer theirs"]);
    assert_eq!(source.asked.load(Ordering::SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn they_go_to_no_other_origin() {
    let away = Step::status(302).header("location", "http://other/y");
    let back = Step::status(302).header("location", "http://h/z");
    let (transport, script, _) = authorized(Numbered::default(), [away, back, Step::json("7")]);
    assert_eq!(transport.call(&GET).send::<u32>().await.unwrap(), 7);
    assert_eq!(sent(&script), ["Bearer hunter1", "none", "Bearer hunter2"]);
    let anywhere = transport.with_options(CallOptions::new().any_origin(true));
    script.push([Step::json("7")]);
    anywhere.call(&WHOLE).url("http://elsewhere/x").send::<u32>().await.unwrap();
    assert_eq!(sent(&script).last().unwrap(), "none");
}

#[tokio::test(start_paused = true)]
async fn a_key_in_the_query_is_sent_and_never_shown() {
    let key = Authorization::query("api key", "hunter2 &").unwrap();
    let (transport, script, journal) =
        authorized(key, [Step::json("7"), Step::status(500), Step::status(404)]);
    let answer = transport.call(&GET).query("a", &1).send::<Response<u32>>().await.unwrap();
    assert_eq!(script.requests()[0].uri.to_string(), "http://h/x?a=1&api%20key=hunter2%20%26");
    assert_eq!(answer.url().to_string(), "http://h/x?a=1");
    let error = transport.call(&GET).send::<u32>().await.unwrap_err();
    let shown = format!("{answer:?} {error} {error:?} {:?} {transport:?}", journal.events());
    assert!(!shown.contains("hunter2"), "{shown}");
}

#[tokio::test(start_paused = true)]
async fn a_source_that_fails_fails_the_call_before_anything_is_sent() {
    let source = Refreshing::new(|| async { Err::<Token, _>("the login is down") });
    let (transport, script, _) = authorized(source, [Step::json("7")]);
    let error = transport.call(&GET).send::<u32>().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.was_sent(), error.is_retryable()),
        (ErrorKind::Credentials, false, false)
    );
    assert!(format!("{error:?}").contains("the login is down"), "{error:?}");
    assert!(error.operation() == Some("Test::get") && script.requests().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_wait_for_them_counts_against_the_deadline_and_not_against_the_attempt() {
    let slow = Numbered { takes: 3 * S, ..Numbered::default() };
    let (transport, _, _) = authorized(slow, [Step::json("7"), Step::json("8")]);
    let timeouts = |deadline| CallOptions::new().timeouts(Timeouts::new().attempt(S).deadline(deadline));
    assert_eq!(transport.with_options(timeouts(4 * S)).call(&GET).send::<u32>().await.unwrap(), 7);
    let error = transport.with_options(timeouts(2 * S)).call(&GET).send::<u32>().await.unwrap_err();
    assert_eq!((error.kind(), error.was_sent(), error.elapsed()), (ErrorKind::Deadline, false, 2 * S));
}

/// What a fetch fails by.
#[derive(Debug)]
struct Down;

impl fmt::Display for Down {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("down")
    }
}

impl StdError for Down {}

/// Counts its fetches; each takes a second.
fn counted(
    outcome: impl Fn(usize) -> Result<Token, Down> + Clone + Send + Sync + 'static,
) -> (impl Credentials, Arc<AtomicUsize>) {
    let fetches = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&fetches);
    let source = Refreshing::new(move || {
        let (number, outcome) = (counter.fetch_add(1, Ordering::SeqCst) + 1, outcome.clone());
        async move {
            tokio::time::sleep(S).await;
            outcome(number)
        }
    });
    (Debugged(source), fetches)
}

/// `impl Credentials` hides that it is `Debug`, which the trait asks for.
#[derive(Debug)]
struct Debugged<C>(C);

impl<C: Credentials> Credentials for Debugged<C> {
    fn authorize<'a>(&'a self, rejected: Option<&'a Authorization>) -> BoxFuture<'a, Result<Authorization>> {
        self.0.authorize(rejected)
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_is_fetched_once_for_all_and_again_when_it_runs_out() {
    let (source, fetches) = counted(|number| Ok(Token::new(format!("t{number}")).expires_in(100 * S)));
    let (transport, script, _) = authorized(source, vec![Step::json("7"); 30]);
    let ended = join_all((0..10).map(|_| transport.call(&GET).send::<u32>())).await;
    assert!(ended.iter().all(Result::is_ok));
    assert_eq!(fetches.load(Ordering::SeqCst), 1);
    // It is not used in its last 30 s.
    tokio::time::sleep(69 * S).await;
    transport.call(&GET).send::<u32>().await.unwrap();
    tokio::time::sleep(2 * S).await;
    transport.call(&GET).send::<u32>().await.unwrap();
    assert_eq!(fetches.load(Ordering::SeqCst), 2);
    assert_eq!(sent(&script).last().unwrap(), "Bearer t2");
}

#[tokio::test(start_paused = true)]
async fn a_failed_fetch_is_told_to_all_who_waited_and_tried_again_by_the_next() {
    let (source, fetches) = counted(|number| if number == 1 { Err(Down) } else { Ok(Token::new("t")) });
    let (transport, _, _) = authorized(source, vec![Step::json("7"); 9]);
    let ended = join_all((0..100).map(|_| transport.call(&GET).send::<u32>())).await;
    for error in ended.iter().map(|end| end.as_ref().unwrap_err()) {
        assert_eq!(error.kind(), ErrorKind::Credentials);
        let cause = error.source().and_then(<dyn StdError>::downcast_ref);
        assert!(matches!(cause, Some(Down)), "{error:?}");
    }
    assert_eq!(fetches.load(Ordering::SeqCst), 1);
    assert_eq!(transport.call(&GET).send::<u32>().await.unwrap(), 7);
}

#[tokio::test(start_paused = true)]
async fn who_gives_up_while_it_fetches_leaves_it_to_the_next() {
    let (source, fetches) = counted(|_| Ok(Token::new("t")));
    let (transport, _, _) = authorized(source, vec![Step::json("7"); 9]);
    let leaving = tokio::time::timeout(500 * MS, transport.call(&GET).send::<u32>());
    let (left, stayed) = tokio::join!(leaving, transport.call(&GET).send::<u32>());
    assert!(left.is_err());
    assert_eq!((stayed.unwrap(), fetches.load(Ordering::SeqCst)), (7, 2));
}

#[test]
fn obs_3_no_credential_is_shown() {
    let shown = format!(
        "{:?} {:?} {:?} {:?}",
        Authorization::bearer("hunter2").unwrap(),
        Authorization::query("k", "hunter2").unwrap(),
        Token::new("hunter2"),
        OAuth2::client_credentials("http://h/token", "id", "hunter2"),
    );
    assert!(!shown.contains("hunter2"), "{shown}");
    let error: Error = Authorization::bearer("hunter2\n").unwrap_err();
    assert!(!format!("{error} {error:?}").contains("hunter2"));
}
