//! The part of etcd's API that the suite uses, as a trait; keys and values are base64 in its JSON, numbers are texts.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pynector::Result;
use serde::{Deserialize, Serialize};

/// etcd's keys, transactions and leases.
///
/// Everything is a `POST` of the gateway, so what may be repeated says so.
#[pynector::api(timeout = "5s", retry(initial_backoff = "10ms"))]
pub(crate) trait Kv {
    #[post("/v3/kv/put")]
    async fn put(&self, #[json] put: &Put) -> Result<PutAnswer, Refusal>;

    #[post("/v3/kv/range", idempotent)]
    async fn range(&self, #[json] range: &Range) -> Result<RangeAnswer, Refusal>;

    #[post("/v3/kv/deleterange", idempotent)]
    async fn delete_range(&self, #[json] range: &DeleteRange) -> Result<DeleteAnswer, Refusal>;

    #[post("/v3/kv/txn")]
    async fn txn(&self, #[json] txn: &Txn) -> Result<TxnAnswer, Refusal>;

    #[post("/v3/kv/compaction")]
    async fn compact(&self, #[json] compaction: &Compaction) -> Result<(), Refusal>;

    #[post("/v3/lease/grant")]
    async fn grant(&self, #[json] grant: &Grant) -> Result<Lease, Refusal>;

    /// A stream of one item, since one request was sent.
    #[post("/v3/lease/keepalive", idempotent)]
    async fn keep_alive(&self, #[json] lease: &LeaseId) -> Result<Item<Lease>, Refusal>;

    #[post("/v3/lease/timetolive", idempotent)]
    async fn time_to_live(&self, #[json] lease: &TimeToLive) -> Result<Lease, Refusal>;

    #[post("/v3/lease/revoke")]
    async fn revoke(&self, #[json] lease: &LeaseId) -> Result<(), Refusal>;

    #[post("/v3/maintenance/status", idempotent)]
    async fn status(&self, #[json] nothing: &Nothing) -> Result<Status>;

    #[get("/health")]
    async fn health(&self) -> Result<Health>;

    /// Whatever a test wants to send.
    #[post("/v3/kv/{method}")]
    async fn raw(&self, method: &str, #[json] body: &serde_json::Value) -> Result<(), Refusal>;

    /// What the key holds.
    async fn value(&self, key: &str) -> Result<Option<String>, Refusal> {
        let answer = self.range(&Range::of(key)).await?;
        Ok(answer.kvs.first().map(|pair| pair.value.to_string()))
    }
}

/// Bytes, which are base64 in JSON.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Blob(pub(crate) Vec<u8>);

impl From<&str> for Blob {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<Blob> for String {
    fn from(blob: Blob) -> Self {
        STANDARD.encode(blob.0)
    }
}

impl TryFrom<String> for Blob {
    type Error = base64::DecodeError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        STANDARD.decode(text).map(Self)
    }
}

impl fmt::Display for Blob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.0))
    }
}

impl fmt::Debug for Blob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_string())
    }
}

/// A number, which is a text in JSON since JavaScript rounds large ones; a 0 is left out by the server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Int(pub(crate) i64);

impl From<Int> for String {
    fn from(Int(number): Int) -> Self {
        number.to_string()
    }
}

impl TryFrom<String> for Int {
    type Error = std::num::ParseIntError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map(Self)
    }
}

#[derive(Default, Serialize)]
pub(crate) struct Put {
    pub(crate) key: Blob,
    pub(crate) value: Blob,
    pub(crate) lease: Int,
    pub(crate) prev_kv: bool,
}

impl Put {
    pub(crate) fn new(key: &str, value: &str) -> Self {
        Self { key: key.into(), value: value.into(), ..Self::default() }
    }
}

#[derive(Default, Serialize)]
pub(crate) struct Range {
    pub(crate) key: Blob,
    #[serde(rename = "range_end")]
    pub(crate) end: Blob,
    pub(crate) limit: Int,
    pub(crate) revision: Int,
    pub(crate) sort_order: Order,
    pub(crate) sort_target: Target,
    pub(crate) keys_only: bool,
    pub(crate) count_only: bool,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Order {
    #[default]
    Ascend,
    Descend,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Target {
    #[default]
    Key,
    Value,
    Create,
}

impl Range {
    pub(crate) fn of(key: &str) -> Self {
        Self { key: key.into(), ..Self::default() }
    }

    /// Every key that starts with `prefix`.
    pub(crate) fn prefix(prefix: &str) -> Self {
        Self { end: behind(prefix), ..Self::of(prefix) }
    }
}

/// The first key that is behind all those with this prefix.
pub(crate) fn behind(prefix: &str) -> Blob {
    let mut end = Blob::from(prefix);
    if let Some(last) = end.0.last_mut() {
        *last += 1;
    }
    end
}

#[derive(Serialize)]
pub(crate) struct DeleteRange {
    pub(crate) key: Blob,
    #[serde(rename = "range_end")]
    pub(crate) end: Blob,
    pub(crate) prev_kv: bool,
}

#[derive(Serialize)]
pub(crate) struct Txn {
    pub(crate) compare: Vec<Compare>,
    pub(crate) success: Vec<Step>,
    pub(crate) failure: Vec<Step>,
}

#[derive(Serialize)]
#[serde(tag = "target", rename_all = "UPPERCASE")]
pub(crate) enum Compare {
    Value { key: Blob, result: Relation, value: Blob },
    Version { key: Blob, result: Relation, version: Int },
}

#[derive(Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Relation {
    Equal,
    Greater,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Step {
    RequestPut(Put),
    RequestRange(Range),
}

#[derive(Serialize)]
pub(crate) struct Compaction {
    pub(crate) revision: Int,
}

#[derive(Serialize)]
pub(crate) struct Grant {
    #[serde(rename = "TTL")]
    pub(crate) ttl: Int,
}

#[derive(Serialize)]
pub(crate) struct LeaseId {
    #[serde(rename = "ID")]
    pub(crate) id: Int,
}

#[derive(Serialize)]
pub(crate) struct TimeToLive {
    #[serde(rename = "ID")]
    pub(crate) id: Int,
    pub(crate) keys: bool,
}

/// `{}`
#[derive(Serialize)]
pub(crate) struct Nothing {}

#[derive(Debug, Deserialize)]
pub(crate) struct Header {
    pub(crate) revision: Int,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Pair {
    pub(crate) key: Blob,
    pub(crate) value: Blob,
    pub(crate) create_revision: Int,
    pub(crate) mod_revision: Int,
    pub(crate) version: Int,
    pub(crate) lease: Int,
}

#[derive(Debug, Deserialize)]
pub(crate) struct PutAnswer {
    pub(crate) header: Header,
    pub(crate) prev_kv: Option<Pair>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct RangeAnswer {
    #[serde(default)]
    pub(crate) kvs: Vec<Pair>,
    #[serde(default)]
    pub(crate) more: bool,
    #[serde(default)]
    pub(crate) count: Int,
}

impl RangeAnswer {
    pub(crate) fn keys(&self) -> Vec<String> {
        self.kvs.iter().map(|pair| pair.key.to_string()).collect()
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct DeleteAnswer {
    #[serde(default)]
    pub(crate) deleted: Int,
    #[serde(default)]
    pub(crate) prev_kvs: Vec<Pair>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct TxnAnswer {
    #[serde(default)]
    pub(crate) succeeded: bool,
    #[serde(default)]
    pub(crate) responses: Vec<Done>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Done {
    ResponsePut(PutAnswer),
    ResponseRange(RangeAnswer),
}

#[derive(Debug, Deserialize)]
pub(crate) struct Lease {
    #[serde(rename = "ID")]
    pub(crate) id: Int,
    /// Left in seconds; absent where the server knows no such lease.
    #[serde(rename = "TTL", default)]
    pub(crate) ttl: Int,
    #[serde(default)]
    pub(crate) keys: Vec<Blob>,
}

/// An item of a stream.
#[derive(Debug, Deserialize)]
pub(crate) struct Item<T> {
    pub(crate) result: T,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Status {
    pub(crate) version: String,
    pub(crate) db_size: Int,
    pub(crate) leader: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Health {
    pub(crate) health: String,
}

/// Why etcd did not do what it was asked.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// It said so, by a status of gRPC.
    Grpc { code: u32, message: String, status: u16 },
    /// There was no such answer.
    Call(pynector::Error),
}

#[derive(Deserialize)]
struct GrpcStatus {
    code: u32,
    message: String,
}

impl From<pynector::Error> for Refusal {
    fn from(error: pynector::Error) -> Self {
        match (error.status(), error.decode()) {
            (Some(status), Ok(GrpcStatus { code, message })) => {
                Self::Grpc { code, message, status: status.as_u16() }
            }
            _ => Self::Call(error),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Grpc { code, message, .. } => write!(f, "etcd refused, code {code}: {message}"),
            Self::Call(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Refusal {}
