//! A small library behind HTTP: it fails where a step needs it to, and writes down every request that reaches it.

use std::future::pending;
use std::io;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use axum::body::{Body, to_bytes};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use axum::{Router, serve};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::Notify;

use crate::clock;
use crate::steps::Step;

/// A running server.
#[derive(Clone)]
pub(crate) struct Server {
    url: String,
    desk: Arc<Desk>,
}

/// One request as it came over the wire.
pub(crate) struct Seen {
    /// Method, path and query.
    pub(crate) line: String,
    headers: HeaderMap,
    pub(crate) body: String,
    pub(crate) at: Instant,
}

/// What the handlers share.
#[derive(Default)]
struct Desk {
    /// The step at which the server does not do what the step needs.
    sabotage: Option<Step>,
    /// The requests that nobody has asked about yet.
    log: Mutex<Vec<Seen>>,
    requests: AtomicU32,
    hours: AtomicU32,
    loans: AtomicU32,
    tips: AtomicU32,
    probe: Notify,
}

impl Server {
    /// Starts on a free port of this machine.
    pub(crate) async fn start(sabotage: Option<Step>) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let desk = Arc::new(Desk { sabotage, ..Desk::default() });
        let routes = Router::new()
            .route("/shelves/{shelf}/books", get(books).post(add))
            .route("/books/{id}", get(book))
            .route("/hours", get(hours))
            .route("/books/{id}/loan", post(borrow))
            .route("/tip", get(tip))
            .route("/search", get(search))
            .layer(from_fn_with_state(Arc::clone(&desk), write_down))
            .with_state(Arc::clone(&desk));
        tokio::spawn(async { serve(listener, routes).await });
        Ok(Self { url, desk })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// What has reached the server since this was asked last.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        std::mem::take(&mut self.desk.log())
    }

    /// Lets the answer to the probe go.
    pub(crate) fn answer_probe(&self) {
        self.desk.probe.notify_one();
    }

    /// How many requests have reached the server in all.
    pub(crate) fn requests(&self) -> u32 {
        self.desk.requests.load(Ordering::Relaxed)
    }
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

impl Desk {
    fn sabotages(&self, step: Step) -> bool {
        self.sabotage == Some(step)
    }

    fn log(&self) -> MutexGuard<'_, Vec<Seen>> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts a request before it is answered.
async fn write_down(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    let at = clock::now();
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, 1 << 16).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    desk.requests.fetch_add(1, Ordering::Relaxed);
    desk.log().push(Seen {
        line: format!("{} {}", parts.method, parts.uri),
        headers: parts.headers.clone(),
        body: String::from_utf8_lossy(&body).into_owned(),
        at,
    });
    next.run(Request::from_parts(parts, Body::from(body))).await
}

async fn books(State(desk): State<Arc<Desk>>) -> Json<serde_json::Value> {
    let title = if desk.sabotages(Step::Get) { "Dracula" } else { "The Dispossessed" };
    Json(json!([{ "id": 1, "title": title }, { "id": 2, "title": "The Left Hand of Darkness" }]))
}

async fn add(State(desk): State<Arc<Desk>>) -> Response {
    if desk.sabotages(Step::Post) {
        return "thank you".into_response();
    }
    (StatusCode::CREATED, Json(json!({ "id": 3, "title": "Kindred" }))).into_response()
}

async fn book(State(desk): State<Arc<Desk>>, Path(id): Path<u64>) -> Response {
    if desk.sabotages(Step::NotFound) {
        return Json(json!({ "id": id, "title": "Necronomicon" })).into_response();
    }
    (StatusCode::NOT_FOUND, Json(json!({ "id": id, "hint": "ask the archive" }))).into_response()
}

/// Busy twice, then well.
async fn hours(State(desk): State<Arc<Desk>>) -> Response {
    let earlier = desk.hours.fetch_add(1, Ordering::Relaxed);
    if earlier < 2 || desk.sabotages(Step::Retry) {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    "9 to 5".into_response()
}

/// Asks for patience once.
async fn borrow(State(desk): State<Arc<Desk>>) -> Response {
    let earlier = desk.loans.fetch_add(1, Ordering::Relaxed);
    match earlier {
        0 if desk.sabotages(Step::RetryAfter) => StatusCode::TOO_MANY_REQUESTS.into_response(),
        0 => (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "1")]).into_response(),
        _ => StatusCode::NO_CONTENT.into_response(),
    }
}

/// Broken three times, then slow once, then well.
async fn tip(State(desk): State<Arc<Desk>>) -> Response {
    let earlier = desk.tips.fetch_add(1, Ordering::Relaxed);
    if earlier < 3 && !desk.sabotages(Step::Breaker) {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    if earlier == 3 {
        desk.probe.notified().await;
    }
    Json(json!({ "id": 4, "title": "Piranesi" })).into_response()
}

/// Never answers.
async fn search(State(desk): State<Arc<Desk>>) -> Json<serde_json::Value> {
    if desk.sabotages(Step::Deadline) { Json(json!([])) } else { pending().await }
}
