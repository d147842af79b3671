//! The same calls over both backends, chosen at run time by one function.

use pynector::backend::{ScriptBackend, Step};
use pynector::{Client, ClientBuilder, ErrorKind, RetryPolicy};
use pynector_tests::raw::{RawServer, Reply};

use crate::{MS, Things as _, ThingsClient};

/// Which backend carries the calls.
#[derive(Clone, Copy, Debug)]
enum Wire {
    Scripted,
    Socket,
}

/// A client over `wire`, and a count of the requests that it sent.
async fn on<C: Client>(
    wire: Wire,
    builder: impl Fn(&str) -> ClientBuilder<C>,
    answers: &[(u16, &str)],
) -> (C, Box<dyn Fn() -> usize>) {
    match wire {
        Wire::Scripted => {
            let steps = answers.iter().map(|(status, body)| Step::status(*status).body((*body).to_owned()));
            let script = ScriptBackend::new(steps);
            let client = builder("http://h").backend(script.clone()).build().unwrap();
            (client, Box::new(move || script.requests().len()))
        }
        Wire::Socket => {
            let replies =
                answers.iter().map(|(status, body)| Reply::ok(&format!("{status} Reason"), "", body));
            let server = RawServer::start(replies).await;
            let client = builder(&server.url()).build().unwrap();
            (client, Box::new(move || server.requests().len()))
        }
    }
}

#[tokio::test]
async fn both_backends_give_the_same_answers() {
    let hasty = |url: &str| {
        ThingsClient::builder().base_url(url).retry(RetryPolicy::new().initial_backoff(MS).max_retries(2))
    };
    for wire in [Wire::Scripted, Wire::Socket] {
        let (things, sent) = on(wire, hasty, &[(200, "7")]).await;
        assert_eq!((things.get(1).await.unwrap(), sent()), (7, 1), "{wire:?}");

        let (things, sent) = on(wire, hasty, &[(503, ""), (503, ""), (200, "8")]).await;
        assert_eq!((things.get(1).await.unwrap(), sent()), (8, 3), "{wire:?}");

        let (things, sent) = on(wire, hasty, &[(503, "busy"), (200, "8")]).await;
        let error = things.add("x").await.unwrap_err();
        assert_eq!(
            (error.kind(), error.body().unwrap().as_ref(), sent()),
            (ErrorKind::Status(503), &b"busy"[..], 1)
        );

        let (things, sent) = on(wire, hasty, &[(404, "")]).await;
        assert!(things.remove(1).await.unwrap_err().is_not_found());
        assert_eq!(sent(), 1);

        let (things, _) = on(wire, hasty, &[(200, "<html>")]).await;
        assert_eq!(things.get(1).await.unwrap_err().kind(), ErrorKind::Deserialize);
    }
}
