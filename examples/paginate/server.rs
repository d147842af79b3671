//! A server in the manner of GitHub: issues by `Link` headers, and an audit log by cursors.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

/// So many issues there are, and so many entries of the log.
pub(crate) const ISSUES: u64 = 137;
pub(crate) const ENTRIES: u64 = 90;

/// How many requests came, refused ones included.
pub(crate) type Requests = Arc<AtomicU64>;

#[derive(Deserialize)]
struct Numbered {
    per_page: Option<u64>,
    page: Option<u64>,
}

#[derive(Deserialize)]
struct After {
    limit: Option<u64>,
    after: Option<String>,
}

/// Its routes, and what counts their requests.
pub(crate) fn routes() -> (Router, Requests) {
    let requests = Requests::default();
    let routes = Router::new()
        .route("/repos/{owner}/{repo}/issues", get(issues))
        .route("/audit", get(audit))
        .with_state(Requests::clone(&requests));
    (routes, requests)
}

/// Every third request is refused, as busy servers do; who asks again gets it.
async fn issues(
    State(requests): State<Requests>,
    Path((owner, repo)): Path<(String, String)>,
    Query(asked): Query<Numbered>,
    headers: HeaderMap,
) -> Response {
    if (requests.fetch_add(1, Ordering::SeqCst) + 1).is_multiple_of(3) {
        return (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "0")]).into_response();
    }
    let (size, page) = (asked.per_page.unwrap_or(30).clamp(1, 100), asked.page.unwrap_or(1).max(1));
    let last = ISSUES.div_ceil(size);
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let link = |page: u64, relation: &str| {
        format!("<http://{host}/repos/{owner}/{repo}/issues?per_page={size}&page={page}>; rel=\"{relation}\"")
    };
    let mut links = vec![link(1, "first"), link(last, "last")];
    if page < last {
        links.insert(0, link(page + 1, "next"));
    }
    let numbers = ((page - 1).saturating_mul(size) + 1)..=page.saturating_mul(size).min(ISSUES);
    let issues: Vec<Value> = numbers.map(issue).collect();
    ([(header::LINK, links.join(", "))], Json(issues)).into_response()
}

fn issue(number: u64) -> Value {
    let title = match number % 5 {
        0 => "The pool leaks",
        1 => "A typo in the guide",
        2 => "A slow start",
        3 => "A panic on empty input",
        _ => "Show the progress",
    };
    json!({ "number": number, "title": title, "comments": number % 7 })
}

async fn audit(State(requests): State<Requests>, Query(asked): Query<After>) -> Json<Value> {
    requests.fetch_add(1, Ordering::SeqCst);
    let size = asked.limit.unwrap_or(20).clamp(1, 100);
    let start = asked.after.and_then(|id| id.strip_prefix("entry-")?.parse().ok()).unwrap_or(0_u64);
    let end = (start + size).min(ENTRIES);
    let data: Vec<Value> = (start + 1..=end).map(|id| json!({ "id": id, "action": action(id) })).collect();
    Json(
        json!({ "data": data, "last_id": format!("entry-{end}"), "has_more": end < ENTRIES, "total": ENTRIES }),
    )
}

fn action(id: u64) -> &'static str {
    if id == 33 { "key.revoked" } else { "repo.read" }
}
