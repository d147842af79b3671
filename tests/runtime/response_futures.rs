//! What methods of a client give: futures with a name, which outlive the client and what the call was made of.

use std::collections::VecDeque;
use std::rc::Rc;

use pynector::backend::Step;
use pynector::{ByteStream, Error, ErrorKind, FromResponse, Incoming, Response, ResponseFuture, Result};
use serde::de::DeserializeOwned;

use crate::{S, Things as _, ThingsClient, built, things};

/// A type of a program's own, which waits for its body itself and says nothing of what it holds.
struct Sealed<T>(T);

impl<T: DeserializeOwned> FromResponse for Sealed<T> {
    const BUFFERED: bool = false;

    fn accept() -> &'static str {
        "application/json"
    }

    #[expect(clippy::manual_async_fn, reason = "an `async fn` does not say `'static`")]
    fn from_response(response: Incoming) -> impl Future<Output = Result<Self>> + Send + 'static {
        async move {
            let body = response.into_bytes().await?;
            Ok(Self(serde_json::from_slice(&body).unwrap()))
        }
    }
}

/// An error that stays on its thread.
struct Local(Rc<Error>);

impl From<Error> for Local {
    fn from(error: Error) -> Self {
        Self(Rc::new(error))
    }
}

#[pynector::api]
trait Kinds {
    #[get("/words/{word}")]
    async fn decoded<T: DeserializeOwned>(&self, word: &str) -> Result<T>;

    #[get("/words/{word}")]
    async fn sealed<T: DeserializeOwned>(&self, word: &str) -> Result<Response<Sealed<T>>>;

    #[get("/words/{word}")]
    async fn stream(&self, word: &str) -> Result<ByteStream>;

    #[get("/words/{word}")]
    async fn local(&self, word: &str) -> Result<u32, Local>;
}

/// A call whose client and argument are gone.
fn left_alone<R>(
    step: Step,
    call: impl FnOnce(&KindsClient, &str) -> ResponseFuture<R>,
) -> ResponseFuture<R> {
    let (client, _) = built(KindsClient::builder().base_url("http://h"), [Step::status(503), step]);
    let word = String::from("a");
    call(&client, &word)
}

#[tokio::test(start_paused = true)]
async fn a_call_is_spawned_as_it_is_and_outlives_its_client() {
    let decoded = left_alone(Step::json("7"), Kinds::decoded::<u32>);
    assert_eq!(tokio::spawn(decoded).await.unwrap().unwrap(), 7);

    let silent = Step::status(200).body("[7,").silence(S).body("8]");
    let sealed = left_alone(silent, Kinds::sealed::<Vec<u32>>);
    let response = tokio::spawn(sealed).await.unwrap().unwrap();
    assert_eq!((response.attempts(), &*response.into_inner().0), (2, &[7, 8][..]));

    let stream = left_alone(Step::status(200).body("ab"), Kinds::stream);
    let mut stream = tokio::spawn(stream).await.unwrap().unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap(), "ab");
}

#[tokio::test(start_paused = true)]
async fn a_call_goes_to_other_threads_whatever_its_answer_is() {
    fn sent<F: Future + Send + Unpin + 'static>(future: F) -> F {
        future
    }
    let local = sent(left_alone(Step::status(404), Kinds::local));
    let Err(Local(error)) = local.await else { panic!("a 404") };
    assert_eq!(error.kind(), ErrorKind::Status(404));
}

#[tokio::test(start_paused = true)]
async fn calls_wait_in_a_queue_and_nothing_is_sent_before_they_are_awaited() {
    let (client, script) = things([Step::json("1"), Step::json("2")]);
    let mut queue: VecDeque<ResponseFuture<Result<u32>>> =
        [client.get(1), client.add("b"), client.get(3)].into();
    drop(client);
    drop(queue.pop_back());
    assert_eq!(script.requests().len(), 0);
    assert_eq!((queue.pop_back().unwrap().await.unwrap(), queue.pop_back().unwrap().await.unwrap()), (1, 2));
    let sent: Vec<String> = script.requests().iter().map(|request| request.method.to_string()).collect();
    assert_eq!(sent, ["POST", "GET"]);
}

#[tokio::test(start_paused = true)]
async fn a_call_says_nothing_of_what_is_in_it() {
    let client = ThingsClient::at("http://secret").unwrap();
    assert_eq!(format!("{:?}", client.add("secret")), "ResponseFuture { .. }");
}
