//! Sending and receiving: the order of responses, what waits, and what does not.

use std::sync::Arc;

use futures_util::StreamExt as _;
use pynector::backend::Step;
use pynector::bytes::Bytes;
use pynector::{Clock, Content, ErrorKind, HttpMessage, HttpTransport, Keep, RetryPolicy};
use pynector_tests::served::Server;

use crate::session::settles;
use crate::{S, builder, built, connected};

fn get(n: usize) -> HttpMessage {
    HttpMessage::new().url(format!("/{n}"))
}

/// The JSON numbers that are received now.
async fn received(transport: &HttpTransport) -> Vec<u64> {
    let mut numbers = Vec::new();
    let mut responses = transport.receive::<HttpMessage>();
    while let Some(message) = responses.next().await {
        match message.unwrap().body() {
            Content::Json(value) => numbers.push(value.as_u64().unwrap()),
            other => panic!("{other:?}"),
        }
    }
    numbers
}

#[tokio::test(start_paused = true)]
async fn s3_1_sending_needs_a_connect() {
    let (transport, script) = built(builder(), [Step::json("1")]);
    assert_eq!(transport.send(&get(1)).await.unwrap_err().kind(), ErrorKind::NotConnected);
    transport.connect().await.unwrap();
    transport.send(&get(1)).await.unwrap();
    transport.disconnect().await;
    assert_eq!(transport.send(&get(1)).await.unwrap_err().kind(), ErrorKind::NotConnected);
    assert_eq!(script.requests().len(), 1);
    assert_eq!(received(&transport).await, [1], "what came before may still be received");
}

#[tokio::test(start_paused = true)]
async fn s3_1_receiving_before_any_send_ends_at_once() {
    let (transport, script) = built(builder(), []);
    assert_eq!(received(&transport).await, [0; 0], "before a connect");
    transport.connect().await.unwrap();
    assert_eq!(received(&transport).await, [0; 0]);
    assert!(script.requests().is_empty());
}

#[tokio::test(start_paused = true)]
async fn s3_1_a_send_takes_its_place_when_it_is_first_polled() {
    let (transport, _) = connected([Step::json("2").after(S), Step::json("1")]).await;
    let (one, two) = (get(1), get(2));
    let made_first = transport.send(&one);
    let polled_first = transport.send(&two);
    let (second, first) = tokio::join!(polled_first, made_first);
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(received(&transport).await, [2, 1]);
}

#[tokio::test(start_paused = true)]
async fn s3_1_responses_come_in_the_order_of_the_sends() {
    let (transport, _) =
        connected([Step::json("1").after(3 * S), Step::json("2"), Step::json("3").after(S)]).await;
    let (one, two, three) = (get(1), get(2), get(3));
    let sends = async { tokio::join!(transport.send(&one), transport.send(&two), transport.send(&three)) };
    let (sent, numbers) = tokio::join!(sends, async {
        tokio::task::yield_now().await;
        received(&transport).await
    });
    assert!(sent.0.is_ok() && sent.1.is_ok() && sent.2.is_ok());
    assert_eq!(numbers, [1, 2, 3], "the receiver waited for the sends in flight");
    assert_eq!(received(&transport).await, [0; 0], "and ends when there is none");
}

#[tokio::test(start_paused = true)]
async fn s3_1_a_thousand_sends_over_eight_clones_each_keep_their_order() {
    let steps = (0..1000).map(|n| Step::json(n.to_string()).after(S * (scattered(n) % 9)));
    let (transport, script) = connected(steps).await;
    let clones: Vec<_> = (0..8).map(|_| transport.clone()).collect();
    let mut sends = Vec::new();
    for n in 0..1000 {
        let clone = &clones[n % 8];
        sends.push(async move { clone.send(&get(n)).await });
    }
    for sent in futures_util::future::join_all(sends).await {
        sent.unwrap();
    }
    assert_eq!(script.requests().len(), 1000);
    for (index, clone) in clones.iter().enumerate() {
        let expected: Vec<u64> = (0..1000).filter(|n| n % 8 == index as u64).collect();
        assert_eq!(received(clone).await, expected);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn s3_1_nothing_is_lost_between_threads_and_a_real_server() {
    let server = Server::plain().await;
    let transport = HttpTransport::builder(server.url()).http2_prior_knowledge(true).build().unwrap();
    transport.connect().await.unwrap();
    let conversations: Vec<_> = (0..8).map(|clone| converse(transport.clone(), clone * 125)).collect();
    transport.disconnect().await;
    for conversation in conversations {
        conversation.await.unwrap();
    }
    assert_eq!(server.asked().len(), 1000);
    assert!(settles(|| server.open() == 0).await, "the last clone is gone");
}

/// Sends 125 messages at once while another task receives.
fn converse(transport: HttpTransport, first: u64) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        let transport = Arc::new(transport);
        let receiving = tokio::spawn({
            let transport = Arc::clone(&transport);
            async move {
                let mut numbers = Vec::new();
                // It ends whenever nothing is in flight, as before the first send and after a pause.
                while numbers.len() < 125 {
                    numbers.extend(received(&transport).await);
                    tokio::task::yield_now().await;
                }
                numbers
            }
        });
        let messages = (first..first + 125).map(|n| HttpMessage::new().url(format!("/echo/{n}")));
        let sends = messages.map(|message| {
            let transport = &transport;
            async move { transport.send(&message).await }
        });
        assert!(futures_util::future::join_all(sends).await.iter().all(Result::is_ok));
        assert_eq!(receiving.await.unwrap(), (first..first + 125).collect::<Vec<_>>());
    })
}

/// A number that follows no order, and is the same in each run.
fn scattered(n: u32) -> u32 {
    n.wrapping_mul(2_654_435_761) >> 16
}

#[tokio::test(start_paused = true)]
async fn s3_1_a_failed_or_dropped_send_brings_no_response() {
    let (transport, _) = built(
        builder().retry(RetryPolicy::off()),
        [Step::status(404), Step::hang(), Step::json("3"), Step::status(304), Step::status(399).body("9")],
    );
    transport.connect().await.unwrap();
    assert!(transport.send(&get(1)).await.unwrap_err().is_not_found());
    assert!(tokio::time::timeout(S, transport.send(&get(2))).await.is_err());
    transport.send(&get(3)).await.unwrap();
    assert_eq!(received(&transport).await, [3]);

    transport.send(&get(4)).await.unwrap();
    transport.send(&get(5)).await.unwrap();
    let mut responses = transport.receive::<HttpMessage>();
    let first = responses.next().await.unwrap().unwrap();
    assert_eq!(
        (first.status().unwrap().as_u16(), first.body()),
        (304, &Content::Empty),
        "below 400 is a response"
    );
    assert_eq!(first.response_url().unwrap(), "http://h/4");
    assert_eq!(responses.next().await.unwrap().unwrap().status().unwrap().as_u16(), 399);
}

#[tokio::test(start_paused = true)]
async fn s3_1_a_full_queue_refuses_before_anything_is_sent() {
    let (transport, script) =
        built(builder().responses(Keep::Queue(2)), (0..9).map(|n| Step::json(n.to_string())));
    transport.connect().await.unwrap();
    transport.send(&get(0)).await.unwrap();
    transport.send(&get(1)).await.unwrap();
    let error = transport.send(&get(2)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::QueueFull);
    assert!(error.to_string().contains("`Keep::Latest` or `Keep::None`"), "{error}");
    assert_eq!(script.requests().len(), 2);
    assert_eq!(received(&transport).await, [0, 1]);
    transport.send(&get(2)).await.unwrap();
    assert_eq!(received(&transport).await, [2]);
}

#[tokio::test(start_paused = true)]
async fn s3_1_a_send_in_flight_has_its_place_in_the_queue() {
    let (transport, script) =
        built(builder().responses(Keep::Queue(1)), [Step::json("1").after(S), Step::json("2")]);
    transport.connect().await.unwrap();
    let (one, two) = (get(1), get(2));
    let (first, second) = tokio::join!(transport.send(&one), transport.send(&two));
    first.unwrap();
    assert_eq!(second.unwrap_err().kind(), ErrorKind::QueueFull);
    assert_eq!(script.requests().len(), 1, "nothing is sent that could not be kept");
    transport.clone().send(&two).await.unwrap();
    assert_eq!(received(&transport).await, [1], "a clone has a queue of its own");
}

#[tokio::test(start_paused = true)]
async fn s3_1_latest_replaces_and_none_keeps_nothing() {
    for (keep, left) in [(Keep::Latest, vec![2]), (Keep::None, vec![])] {
        let (transport, _) = built(builder().responses(keep), (0..3).map(|n| Step::json(n.to_string())));
        transport.connect().await.unwrap();
        for n in 0..3 {
            transport.send(&get(n)).await.unwrap();
        }
        assert_eq!(received(&transport).await, left, "{keep:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn s5_2_a_handler_decides_what_is_received() {
    let (transport, _) = connected([Step::json("1"), Step::status(204), Step::json("3")]).await;
    transport.set_response_handler(|response| match response.head.status.as_u16() {
        204 => None,
        _ => Some(Bytes::from([b"1", response.body.as_ref()].concat())),
    });
    for n in 1..=3 {
        transport.send(&get(n)).await.unwrap();
    }
    assert_eq!(received(&transport).await, [11, 13]);
}

#[tokio::test(start_paused = true)]
async fn s5_2_a_handler_is_that_of_the_clone_and_of_its_later_clones() {
    let (transport, _) = connected((0..4).map(|n| Step::json(n.to_string()))).await;
    let before = transport.clone();
    transport.set_response_handler(|_| None);
    let after = transport.clone();
    for (transport, left) in [(&before, vec![0]), (&transport, vec![]), (&after, vec![])] {
        transport.send(&get(1)).await.unwrap();
        assert_eq!(received(transport).await, left);
    }
    after.set_response_handler(|response| Some(response.body.clone()));
    after.send(&get(1)).await.unwrap();
    assert_eq!(received(&after).await, [3], "and can be replaced");
}

#[tokio::test(start_paused = true)]
async fn s5_2_a_handler_is_not_asked_about_errors() {
    let (transport, _) = built(builder().retry(RetryPolicy::off()), [Step::status(404), Step::status(500)]);
    transport.connect().await.unwrap();
    transport.set_response_handler(|response| panic!("asked about {:?}", response.head.status));
    for n in 0..2 {
        assert!(transport.send(&get(n)).await.unwrap_err().is_status());
    }
}

#[tokio::test(start_paused = true)]
async fn s3_1_a_sent_message_has_no_deadline_unless_somebody_names_one() {
    let (transport, _) = connected(vec![Step::hang(); 20]).await;
    let started = tokio::time::Instant::now();
    let patient = pynector::CallOptions::new().timeout(50 * S);
    let error = transport.with_options(patient).send(&get(1)).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 4));
    assert!(started.elapsed() >= 200 * S);
}

#[tokio::test(start_paused = true)]
async fn s3_1_received_responses_are_a_stream() {
    let (transport, _) = connected([Step::json("1").after(2 * S), Step::json("2").after(S)]).await;
    let transport = Arc::new(transport);
    // In a task of its own, which only its own waker wakes.
    let receiving = tokio::spawn({
        let transport = Arc::clone(&transport);
        async move {
            tokio::task::yield_now().await;
            let mut responses = transport.receive::<HttpMessage>();
            // Waiting that is given up loses no response.
            assert!(tokio::time::timeout(S / 2, responses.next()).await.is_err());
            let paths = responses.map(|message| message.unwrap().response_url().unwrap().path().to_owned());
            paths.collect::<Vec<_>>().await
        }
    });
    let (one, two) = (get(1), get(2));
    let (first, second) = tokio::join!(transport.send(&one), transport.send(&two));
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(receiving.await.unwrap(), ["/1", "/2"]);
}

#[tokio::test(start_paused = true)]
async fn s3_1_the_defaults_are_those_of_the_specification() {
    for status in 400..=599 {
        let (transport, script) = connected(vec![Step::status(status); 9]).await;
        let error = transport.send(&get(1)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Status(status));
        let attempts = if [429, 500, 502, 503, 504].contains(&status) { 4 } else { 1 };
        assert_eq!(script.requests().len(), attempts, "{status}");
    }
    let (transport, _) = connected(vec![Step::hang(); 9]).await;
    let error = transport.send(&get(1)).await.unwrap_err();
    assert_eq!(error.clock(), Some((Clock::Attempt, 10 * S)));
    let (transport, _) = connected([Step::status(302).header("location", "/2"), Step::json("2")]).await;
    transport.send(&get(1)).await.unwrap();
    let answer = transport.receive::<HttpMessage>().next().await.unwrap().unwrap();
    assert_eq!(answer.response_url().unwrap(), "http://h/2", "redirects are followed");
}
