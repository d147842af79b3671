//! What is told of a request body on its way: at a script, and at a server that wants it twice.

use std::sync::{Arc, Mutex};

use futures_util::stream;
use pynector::backend::{ScriptBackend, Step};
use pynector::{Body, HttpTransport, Operation, Progress};
use pynector_tests::raw::{RawServer, Reply, hash};

const PUT: Operation = Operation::put("Store::write", "/files");

type Told = Arc<Mutex<Vec<(u32, u64, Option<u64>)>>>;

/// The body, and what is told of it: the attempt, the bytes so far, the total.
fn followed(body: Body) -> (Body, Told) {
    let told = Told::default();
    let telling = Arc::clone(&told);
    let body = body.progress(move |progress: Progress| {
        telling.lock().unwrap().push((progress.attempt(), progress.bytes(), progress.total()));
    });
    (body, told)
}

#[tokio::test(start_paused = true)]
async fn each_attempt_is_told_from_its_beginning() {
    let script = ScriptBackend::new([Step::status(503), Step::status(204)]);
    let transport = HttpTransport::builder("http://h").backend(script).build().unwrap();
    let (body, told) = followed(Body::bytes(vec![7; 20 << 10]));
    transport.call(&PUT).body(body).send::<()>().await.unwrap();
    let all = Some(20 << 10);
    let of = |attempt| [8 << 10, 16 << 10, 20 << 10].map(|bytes| (attempt, bytes, all));
    assert_eq!(*told.lock().unwrap(), [of(1), of(2)].concat());
}

#[tokio::test(start_paused = true)]
async fn a_stream_is_told_as_it_comes() {
    let pieces = || stream::iter([Ok::<_, std::io::Error>("one, "), Ok("two")]);
    for (body, total) in [(Body::stream(pieces()), None), (Body::stream(pieces()).length(8), Some(8))] {
        let script = ScriptBackend::new([Step::status(204)]);
        let transport = HttpTransport::builder("http://h").backend(script).build().unwrap();
        let (body, told) = followed(body);
        transport.call(&PUT).body(body).send::<()>().await.unwrap();
        assert_eq!(*told.lock().unwrap(), [(1, 5, total), (1, 8, total)]);
    }
}

#[tokio::test]
async fn at_a_socket_all_of_it_is_told_and_sent() {
    let server = RawServer::start([
        Reply::ok("503 Unavailable", "", ""),
        Reply::ok("200 OK", "", ""),
        Reply::ok("200 OK", "", ""),
    ])
    .await;
    let transport = HttpTransport::builder(server.url()).build().unwrap();
    let content: Vec<u8> = (0..100_000_u32).map(|at| at.to_le_bytes()[0]).collect();
    let (body, told) = followed(Body::bytes(content.clone()));
    transport.call(&PUT).body(body).send::<()>().await.unwrap();
    {
        let told = told.lock().unwrap();
        let last = |attempt| told.iter().rfind(|(of, ..)| *of == attempt).copied();
        assert_eq!(
            (last(1), last(2)),
            (Some((1, 100_000, Some(100_000))), Some((2, 100_000, Some(100_000))))
        );
        assert!(told.is_sorted(), "never backwards: {told:?}");
    }
    // Nobody is told of what is empty.
    let (body, told) = followed(Body::bytes(""));
    transport.call(&PUT).body(body).send::<()>().await.unwrap();
    assert_eq!(*told.lock().unwrap(), []);
    let asked = server.asked();
    assert_eq!(asked.iter().map(|asked| asked.length).collect::<Vec<_>>(), [content.len(), content.len(), 0]);
    assert_eq!((asked[0].hash, asked[1].hash), (hash(&content), hash(&content)));
}
