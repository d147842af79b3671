//! A watch as a stream: etcd tells of changes for as long as somebody listens, one JSON value in each line.

use futures_util::future;
use pynector::{ByteStream, HttpMessage, HttpTransport, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, Lines};

use crate::api::{Blob, DeleteRange, Item, Kv as _, Pair, Put, Refusal};
use crate::{ETCD, Outcome, kv, trials};

trials!(
    changes_come_as_they_are_made a_watch_starts_at_a_revision_of_the_past a_message_is_answered_by_a_stream_too
    a_dropped_watch_ends_at_the_server a_refused_watch_is_an_error_before_its_first_item
);

/// The part of etcd that answers by streams.
#[pynector::api(timeout = "5s", retry(initial_backoff = "10ms"))]
trait Watch {
    #[post("/v3/watch", idempotent)]
    async fn watch(&self, #[json] create: &Value) -> Result<Response<ByteStream>, Refusal>;

    #[get("/metrics")]
    async fn metrics(&self) -> pynector::Result<String>;
}

#[derive(Debug, Deserialize)]
struct News {
    /// The first item alone says this.
    #[serde(default)]
    created: bool,
    #[serde(default)]
    events: Vec<Change>,
}

#[derive(Debug, Deserialize)]
struct Change {
    /// `DELETE`; a put is the default of the enum, which the gateway leaves out.
    #[serde(rename = "type")]
    kind: Option<String>,
    kv: Pair,
}

/// What one change is, for comparing.
type Told = (Option<String>, String);

/// A watch whose first item has come.
struct Changes(Lines<ByteStream>);

impl Changes {
    async fn of(stream: ByteStream) -> Outcome<Self> {
        let mut changes = Self(stream.lines());
        assert!(changes.item().await?.created, "the first item says that the watch stands");
        Ok(changes)
    }

    async fn item(&mut self) -> Outcome<News> {
        let line = self.0.next_line().await?.ok_or("the watch ended")?;
        Ok(serde_json::from_str::<Item<News>>(&line)?.result)
    }

    /// The next `count` changes; the server may put several into one item.
    async fn next(&mut self, count: usize) -> Outcome<Vec<Told>> {
        let mut told = Vec::new();
        while told.len() < count {
            let changes = self.item().await?.events;
            told.extend(changes.into_iter().map(|change| (change.kind, change.kv.value.to_string())));
        }
        Ok(told)
    }
}

fn create(key: &str) -> Value {
    json!({ "create_request": { "key": String::from(Blob::from(key)) } })
}

fn put(value: &str) -> Told {
    (None, value.to_owned())
}

fn watching() -> Outcome<WatchClient> {
    Ok(WatchClient::from_transport(kv()?.transport().clone())?)
}

async fn changes_come_as_they_are_made() -> Outcome {
    let (kv, key) = (kv()?, "watch/made");
    let stream = watching()?.watch(&create(key)).await?;
    assert_eq!(stream.header("content-type"), Some("application/json"));
    let mut changes = Changes::of(stream.into_inner()).await?;
    // Each is received before the next one is made, so the pieces do not wait for each other.
    for value in ["one", "two", "three"] {
        kv.put(&Put::new(key, value)).await?;
        assert_eq!(changes.next(1).await?, [put(value)]);
    }
    kv.put(&Put::new("watch/another", "unheard")).await?;
    kv.delete_range(&DeleteRange { key: key.into(), end: Blob::default(), prev_kv: false }).await?;
    assert_eq!(changes.next(1).await?, [(Some("DELETE".to_owned()), String::new())]);
    Ok(())
}

async fn a_watch_starts_at_a_revision_of_the_past() -> Outcome {
    let (kv, key) = (kv()?, "watch/past");
    let first = kv.put(&Put::new(key, "one")).await?.header.revision;
    kv.put(&Put::new(key, "two")).await?;
    let mut past = create(key);
    past["create_request"]["start_revision"] = first.0.into();
    let (one, other) = (watching()?, watching()?);
    let streams = future::try_join(one.watch(&past), other.watch(&past)).await?;
    for stream in [streams.0, streams.1] {
        let mut changes = Changes::of(stream.into_inner()).await?;
        assert_eq!(changes.next(2).await?, [put("one"), put("two")], "each listener hears all of it");
    }
    Ok(())
}

async fn a_message_is_answered_by_a_stream_too() -> Outcome {
    let (kv, key) = (kv()?, "watch/message");
    let transport = HttpTransport::builder(ETCD.url()?).spec().build()?;
    transport.connect().await?;
    let message = HttpMessage::new().method("POST").url("/v3/watch").json(create(key));
    let mut changes = Changes::of(transport.stream_response(&message).await?).await?;
    kv.put(&Put::new(key, "heard")).await?;
    assert_eq!(changes.next(1).await?, [put("heard")]);
    Ok(())
}

/// How many watchers the server counts.
async fn watchers(client: &WatchClient) -> Outcome<u32> {
    let metrics = client.metrics().await?;
    let gauge = metrics.lines().find_map(|line| line.strip_prefix("etcd_debugging_mvcc_watcher_total "));
    Ok(gauge.ok_or("no such gauge")?.parse()?)
}

async fn a_dropped_watch_ends_at_the_server() -> Outcome {
    let client = watching()?;
    let mut streams = Vec::new();
    // So many that the watches of other tests do not count.
    for nth in 0..20 {
        let stream = client.watch(&create(&format!("watch/dropped/{nth}"))).await?.into_inner();
        streams.push(Changes::of(stream).await?);
    }
    assert!(watchers(&client).await? >= 20);
    drop(streams);
    while watchers(&client).await? >= 20 {
        tokio::task::yield_now().await;
    }
    Ok(())
}

async fn a_refused_watch_is_an_error_before_its_first_item() -> Outcome {
    let refused = json!({ "create_request": { "key": "!!" } });
    match watching()?.watch(&refused).await {
        // The gateway of a stream knows no 400.
        Err(Refusal::Grpc { code: 2, status: 500, .. }) => Ok(()),
        other => Err(format!("{other:?}").into()),
    }
}
