/// Settings at both levels.
#[pynector::api(
    base_url = "http://127.0.0.1:8080/v1/",
    headers("Accept" = "text/plain", "x-tag" = "a", "x-tag" = "b"),
    timeouts(connect = "2s", attempt = "1m30s", write = "5s", read = none, deadline = "2h", deadline_header = "X-Time-Left"),
    retry(
        max_retries = 0,
        initial_backoff = "500us",
        max_backoff = "8s",
        multiplier = 2,
        status_codes(429, 500, 502..=504),
        jitter = equal,
        max_retry_after = "30s",
        budget(ratio = 0.5, min_per_second = 2),
        any_method,
    ),
    breaker(
        failure_threshold = 5,
        min_failure_rate = 0.5,
        open = "1s",
        max_open = "15s",
        probes = 1,
        wait_up_to = "5s",
        ramp = "10s",
        group = "all",
    ),
    rate_limit(permits = 100, per = "1m", burst = 10, group = "all"),
    max_in_flight(limit = 8, queue = 100, wait = "1s", group = "all"),
    follow_redirects,
    max_redirects = 3,
    any_origin,
    max_body = "64MiB",
    compress = gzip,
    decompress,
)]
pub trait Settings {
    /// Everything off.
    #[get("/off", retry = off, breaker = off, rate_limit = off, max_in_flight = off, hedge = off, timeouts(connect = none, attempt = none, write = none, deadline = none), follow_redirects = false, any_origin = false, max_body = none, compress = off, decompress = off)]
    async fn off(&self) -> Result<()>;

    /// Nothing is an answer too.
    #[get("/found", none_on(404, 410..=411))]
    async fn found(&self) -> Result<Option<String>>;

    /// And so is every error.
    #[get("/seen", any_status)]
    async fn seen(&self) -> Result<pynector::Response<String>>;

    /// Everything of its own.
    #[post(
        "/own",
        idempotency_key("X-Request-Key", raw),
        headers("accept" = "application/json"),
        timeout = "250ms",
        retry(status_codes(), jitter = none, budget = off),
        breaker(group = "own", reset_timeout = "60s"),
        rate_limit(permits = 5, per = "1s", group = "own"),
        max_in_flight(limit = 2, group = "own"),
        max_body = "1000B",
    )]
    async fn own(&self) -> Result<()>;
}

/// A breaker with nothing but defaults.
#[pynector::api(breaker, retry(jitter = full), max_in_flight = 8, client = Nothing)]
pub trait Defaults {}

/// A second request instead of another one.
#[pynector::api(hedge(after = p95))]
pub trait Hedged {
    /// Soon.
    #[get("/", hedge(after = "50ms", max = 2))]
    async fn get(&self) -> Result<()>;

    /// Known again by its key.
    #[post("/", idempotency_key, hedge(after = "1s"))]
    async fn add(&self) -> Result<()>;

    /// By a key of another name.
    #[patch("/", idempotency_key = "Request-Id")]
    async fn change(&self) -> Result<()>;
}
