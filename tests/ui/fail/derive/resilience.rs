// errors: 3, at: idempotency_key, hedge, rate_limit

use pynector::Endpoint;

#[derive(Endpoint)]
#[get("/a", response = (), idempotency_key)]
struct Found;

#[derive(Endpoint)]
#[post("/b", response = (), hedge(after = p95))]
struct Added;

#[derive(Endpoint)]
#[post("/c", response = (), idempotency_key = "Request-Id", rate_limit(permits = 1, per = "1s"))]
struct Limited;

fn main() {}
