//! Which statuses are answers: `none_on(..)` and `any_status`, with retries, redirects and the breaker.

use pynector::backend::Step;
use pynector::bytes::Bytes;
use pynector::{
    ByteStream, CallOptions, ErrorKind, Failure, Operation, OperationRules, Response, Result, RetryPolicy,
    StatusCodes,
};

use crate::{built, transport};

#[pynector::api(retry(max_retries = 2))]
trait Answers {
    #[get("/json", none_on(404, 503))]
    async fn json(&self) -> Result<Option<u32>>;

    #[get("/text", none_on(404))]
    async fn text(&self) -> Result<Option<String>>;

    #[get("/raw", none_on(4xx))]
    async fn raw(&self) -> Result<Option<Bytes>>;

    #[get("/whole", none_on(302, 404))]
    async fn whole(&self) -> Result<Response<Option<u32>>>;

    #[get("/any", any_status)]
    async fn any(&self) -> Result<Response<String>>;

    #[post("/any", any_status)]
    async fn sent(&self) -> Result<Response<String>>;

    #[get("/any", any_status, follow_redirects = false)]
    async fn stay(&self) -> Result<Response<()>>;

    #[get("/any", any_status)]
    async fn number(&self) -> Result<Response<u32>>;

    #[get("/any", any_status)]
    async fn stream(&self) -> Result<Response<ByteStream>>;

    #[get("/guarded", none_on(404, 500), breaker(group = "answers", failure_threshold = 2))]
    async fn guarded(&self) -> Result<Option<u32>>;

    #[get("/guarded", any_status, breaker(group = "answers", failure_threshold = 2))]
    async fn guarded_any(&self) -> Result<Response<String>>;
}

fn answers(steps: impl IntoIterator<Item = Step>) -> (AnswersClient, pynector::backend::ScriptBackend) {
    built(AnswersClient::builder().base_url("http://h"), steps)
}

fn gone() -> Step {
    Step::status(404).header("content-type", "text/html").body("<html>no such thing</html>")
}

#[tokio::test(start_paused = true)]
async fn a_status_of_none_on_is_none_whatever_its_body_says() {
    let (client, script) = answers([gone(), gone(), gone(), gone()]);
    assert_eq!(client.json().await.unwrap(), None);
    assert_eq!(client.text().await.unwrap(), None);
    assert_eq!(client.raw().await.unwrap(), None);
    let whole = client.whole().await.unwrap();
    assert_eq!((whole.status().as_u16(), whole.header("content-type")), (404, Some("text/html")));
    assert_eq!((*whole, script.requests().len()), (None, 4));
}

#[tokio::test(start_paused = true)]
async fn a_status_of_none_on_is_none_even_if_its_body_breaks() {
    let (client, script) = answers([Step::status(404).body("<ht").broken()]);
    assert_eq!(client.json().await.unwrap(), None);
    assert_eq!(script.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn other_answers_are_as_ever() {
    let (client, _) = answers([Step::json("7"), Step::status(410), gone(), Step::status(200).body("")]);
    assert_eq!(client.json().await.unwrap(), Some(7));
    assert_eq!(client.json().await.unwrap_err().kind(), ErrorKind::Status(410));
    assert_eq!(client.any().await.unwrap().into_inner(), "<html>no such thing</html>");
    assert_eq!(client.text().await.unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn a_status_of_none_on_is_not_tried_again() {
    let (client, script) = answers([Step::status(503), Step::json("7")]);
    assert_eq!(client.json().await.unwrap(), None);
    assert_eq!(script.requests().len(), 1);
    let (client, script) = answers([Step::status(500), Step::status(503)]);
    assert_eq!(client.json().await.unwrap(), None, "another status is");
    assert_eq!(script.requests().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn redirects_are_followed_before_a_status_is_judged() {
    let there = || Step::status(302).header("location", "/there");
    let (client, script) = answers([there(), Step::json("7")]);
    assert_eq!(client.whole().await.unwrap().into_inner(), Some(7));
    assert_eq!(script.requests().len(), 2);
    let (client, _) = answers([there(), Step::status(403), there(), Step::status(304)]);
    assert_eq!(client.any().await.unwrap().status().as_u16(), 403);
    assert_eq!(client.stay().await.unwrap().status().as_u16(), 302);
    assert_eq!(client.stay().await.unwrap().status().as_u16(), 304);
    let (client, _) = answers((0..20).map(|hop| Step::status(302).header("location", &format!("/{hop}"))));
    assert_eq!(client.any().await.unwrap_err().kind(), ErrorKind::Redirect);
}

#[tokio::test(start_paused = true)]
async fn any_status_gives_the_last_answer_when_retries_end() {
    let busy = |text: &'static str| Step::status(503).body(text);
    let (client, script) = answers([busy("1"), busy("2"), busy("3"), busy("4")]);
    let last = client.any().await.unwrap();
    assert_eq!((last.status().as_u16(), last.attempts(), script.requests().len()), (503, 3, 3));
    assert_eq!((last.url().path(), &**last), ("/any", "3"));

    let (client, script) = answers([busy("1"), Step::status(200).body("fine")]);
    assert_eq!(client.any().await.unwrap().into_inner(), "fine");
    assert_eq!(script.requests().len(), 2);

    let (client, script) = answers([busy("a POST is not repeated")]);
    let once = client.sent().await.unwrap();
    assert_eq!((once.status().as_u16(), once.attempts(), script.requests().len()), (503, 1, 1));

    let off = CallOptions::new().retry(RetryPolicy::off());
    let (client, _) = answers([busy("off")]);
    assert_eq!(client.with_options(off).any().await.unwrap().into_inner(), "off");

    let asked = busy("later").header("retry-after", "3600");
    let (client, script) = answers([asked]);
    assert_eq!(client.any().await.unwrap().into_inner(), "later");
    assert_eq!(script.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn any_status_keeps_failures_that_are_no_answer() {
    let (client, _) = answers([Step::status(503), Step::fail(Failure::Protocol)]);
    let error = client.any().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Protocol, 2));
    let (client, _) = answers([Step::status(404).body("half").broken(), Step::status(404).body("whole")]);
    assert_eq!(client.any().await.unwrap().into_inner(), "whole", "a body that breaks is tried again");
    let (client, _) = answers([Step::status(404).body("no number")]);
    let error = client.number().await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Deserialize, 404));
    assert_eq!((error.attempts(), error.body().unwrap().as_ref()), (1, &b"no number"[..]));
}

#[tokio::test(start_paused = true)]
async fn any_status_reads_whole_bodies_and_streams_them_from_memory() {
    let long = "x".repeat(100 << 10);
    let (client, _) = answers([Step::status(404).body(long.clone()), Step::status(404).body(long)]);
    assert_eq!(client.any().await.unwrap().len(), 100 << 10, "an error would keep 64 KiB");
    let (head, mut stream) = client.stream().await.unwrap().into_parts();
    let mut bytes = 0;
    while let Some(piece) = stream.next().await {
        bytes += piece.unwrap().len();
    }
    assert_eq!((head.status.as_u16(), bytes), (404, 100 << 10));
}

#[tokio::test(start_paused = true)]
async fn the_breaker_sees_the_status_and_not_the_answer() {
    let (client, script) = answers([Step::status(500), Step::status(500), Step::json("7")]);
    assert_eq!((client.guarded().await.unwrap(), client.guarded().await.unwrap()), (None, None));
    assert_eq!(client.guarded().await.unwrap_err().kind(), ErrorKind::CircuitOpen);
    assert_eq!(script.requests().len(), 2);

    let (client, _) = answers([gone(), gone(), gone(), Step::json("7")]);
    for expected in [None, None, None, Some(7)] {
        assert_eq!(client.guarded().await.unwrap(), expected, "a 4xx opens nothing");
    }

    let (client, script) = answers([Step::status(500), Step::status(500), Step::json("7")]);
    assert_eq!(
        client.guarded_any().await.unwrap().status().as_u16(),
        500,
        "the circuit opened at the second"
    );
    assert_eq!(client.guarded_any().await.unwrap_err().kind(), ErrorKind::CircuitOpen);
    assert_eq!(script.requests().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn by_hand_the_type_must_have_a_none() {
    const FIND: Operation =
        Operation::get("Test::find", "/x").rules(&OperationRules::new().none_on(StatusCodes::of(&[404])));
    let (transport, _) = transport([gone(), gone(), gone()]);
    assert_eq!(transport.call(&FIND).send::<Option<u32>>().await.unwrap(), None);
    for error in [
        transport.call(&FIND).send::<String>().await.unwrap_err(),
        transport.call(&FIND).send::<u32>().await.unwrap_err(),
    ] {
        assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Deserialize, 404));
    }
}

#[test]
fn operations_tell_their_statuses() {
    let said: Vec<_> = AnswersClient::OPERATIONS.iter().map(Operation::settings).collect();
    assert_eq!(said[0].none_on(), StatusCodes::of(&[404, 503]));
    assert_eq!(said[2].none_on(), StatusCodes::empty().range(400, 499));
    assert_eq!(
        (said[0].any_status(), said[4].any_status(), said[4].none_on()),
        (false, true, StatusCodes::empty())
    );
}
