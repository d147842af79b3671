//! A call over a cache: answered by what is stored, or by the loop below, whose answer is stored then.

use std::sync::Arc;

use http::{Method, Uri, header};
use http_body::Body as _;
use tokio::time::Instant;
use url::Url;

use crate::answer::Answer;
use crate::attempt::Request;
use crate::backend::Backend;
use crate::cache::{Asked, Cache, CacheKey, CachedResponse, Validity};
use crate::clock;
use crate::error::{Error, ErrorKind, Result};
use crate::execute::execute;
use crate::gate::{Core, Pass, Teller};
use crate::observe::{CacheStep, Event};
use crate::operation::{Operation, Resolved};
use crate::report::Report;
use crate::response::ResponseHead;
use crate::response::body::Arrived;

/// What asks for a part, or whether something has changed: the caller knows what to do with the answer.
const CONDITIONS: [http::HeaderName; 6] = [
    header::RANGE,
    header::IF_RANGE,
    header::IF_MATCH,
    header::IF_NONE_MATCH,
    header::IF_MODIFIED_SINCE,
    header::IF_UNMODIFIED_SINCE,
];

/// What a call stands over.
pub(super) struct Exchange<'a> {
    pub(super) cache: &'a Cache,
    pub(super) core: &'a Arc<Core>,
    pub(super) backend: &'a dyn Backend,
    pub(super) operation: &'static Operation,
    pub(super) settings: Resolved,
}

/// A request that the cache may answer.
struct Lookup {
    request: Request,
    asked: Asked,
    key: CacheKey,
    /// How often the URL had been changed when it was looked up.
    changes: u64,
    teller: Teller,
    started: Instant,
    deadline: Option<Instant>,
}

impl Exchange<'_> {
    /// Answers `request`.
    pub(super) async fn answer(self, request: Request) -> Result<Answer> {
        if !request.method.is_safe() {
            return self.change(request).await;
        }
        match self.lookup(request) {
            Ok(lookup) => self.look(&lookup).await,
            Err(request) => self.send(&self.settings, *request).await,
        }
    }

    async fn send(&self, settings: &Resolved, request: Request) -> Result<Answer> {
        Box::pin(execute(self.core, self.backend, self.operation, *settings, request)).await
    }

    /// What the cache may answer; or the request, where it stands aside.
    fn lookup(&self, request: Request) -> Result<Lookup, Box<Request>> {
        let conditional = CONDITIONS.iter().any(|name| request.headers.contains(name));
        if request.method != Method::GET
            || !self.settings.buffered
            || conditional
            || !request.body.is_end_stream()
        {
            return Err(Box::new(request));
        }
        let headers = request.headers.to_map();
        let teller = Teller::new(Arc::clone(self.core), self.operation, &request);
        let own = teller.credentials(&request).map(|_| self.cache.own());
        let key = CacheKey::of(&request.uri, headers.iter(), self.settings.decompress, own);
        let asked = Asked::new(headers);
        if asked.forbids() {
            return Err(Box::new(request));
        }
        let started = clock::now();
        let deadline = self.settings.timeouts.deadline.and_then(|limit| clock::after(started, limit));
        let changes = self.cache.changes(key.url());
        Ok(Lookup { request, asked, key, changes, teller, started, deadline })
    }

    async fn look(&self, lookup: &Lookup) -> Result<Answer> {
        let found = self.cache.get(&lookup.key, lookup.deadline).await.unwrap_or_else(|_| {
            lookup.tell(CacheStep::Failed);
            None
        });
        let fits = |entry: &Arc<CachedResponse>| entry.body().len() as u64 <= self.settings.max_body;
        let found = found.filter(fits).map(|entry| {
            let validity = lookup.asked.validity(&entry, clock::system_now());
            (entry, validity)
        });
        match found {
            Some((entry, Validity::Fresh)) => {
                lookup.tell(CacheStep::Hit);
                let report = Report::new(self.operation, lookup.started);
                Ok(self.stored(lookup, &entry, Pass::settled(lookup.teller.clone()), report))
            }
            Some((entry, validity @ (Validity::Stale | Validity::StaleIfError))) => {
                self.revalidate(lookup, entry, validity == Validity::StaleIfError).await
            }
            Some((_, Validity::Another)) | None => self.fetch(lookup, false).await,
        }
    }

    /// The settings for what is left of the deadline; a store that answered at once has taken nothing.
    fn left(&self, lookup: &Lookup) -> Resolved {
        let mut settings = self.settings;
        let spent = clock::now().saturating_duration_since(lookup.started);
        if spent.as_millis() > 0 {
            settings.timeouts.deadline = settings.timeouts.deadline.map(|limit| limit.saturating_sub(spent));
        }
        settings
    }

    /// Nothing that is stored is of use.
    async fn fetch(&self, lookup: &Lookup, replaces: bool) -> Result<Answer> {
        lookup.tell(CacheStep::Missed);
        let answer = self.send(&self.left(lookup), lookup.request.clone()).await?;
        Ok(self.keep(lookup, answer, replaces).await)
    }

    /// Asks the server whether `entry` still holds.
    async fn revalidate(
        &self,
        lookup: &Lookup,
        entry: Arc<CachedResponse>,
        or_stale: bool,
    ) -> Result<Answer> {
        let validators = entry.validators();
        if validators.is_empty() && !or_stale {
            return self.fetch(lookup, true).await;
        }
        let (mut settings, mut request) = (self.left(lookup), lookup.request.clone());
        let asks = !validators.is_empty();
        if asks {
            settings.none_on = settings.none_on.range(304, 304);
        }
        for (name, value) in validators {
            request.headers.set(name, value);
        }
        match self.send(&settings, request).await {
            Ok(answer) if asks && answer.head.status == http::StatusCode::NOT_MODIFIED => {
                let (now, took) = (clock::system_now(), answer.head.elapsed);
                let here = answer.request.uri == lookup.request.uri;
                let refreshed = here.then(|| entry.refreshed(&answer.head.headers, now, took)).flatten();
                let Some(refreshed) = refreshed else {
                    answer.pass.settle_status(304);
                    return self.fetch(lookup, true).await;
                };
                let refreshed = Arc::new(refreshed);
                match lookup.asked.renewed(&refreshed) {
                    Some(entry) => self.put(lookup, &Arc::new(entry), CacheStep::Revalidated).await,
                    None => self.remove(&lookup.teller, lookup.key.url(), lookup.deadline).await,
                }
                Ok(self.stored(lookup, &refreshed, answer.pass, answer.report))
            }
            Ok(answer) => {
                lookup.tell(CacheStep::Missed);
                Ok(self.keep(lookup, answer, true).await)
            }
            Err(error) if or_stale && is_trouble(&error) => {
                lookup.tell(CacheStep::StaleServed);
                let mut report = Report::new(self.operation, lookup.started);
                report.attempts = error.attempts();
                Ok(self.stored(lookup, &entry, Pass::settled(lookup.teller.clone()), report))
            }
            Err(error) => Err(error),
        }
    }

    /// Stores an answer that may be stored; one that came from elsewhere is not, since whether that holds is said there.
    async fn keep(&self, lookup: &Lookup, answer: Answer, replaces: bool) -> Answer {
        let Arrived::Whole(body) = &answer.body else { return answer };
        let here = answer.request.uri == lookup.request.uri && !answer.absent;
        let entry = here
            .then(|| lookup.asked.store(&answer.head, body, clock::system_now(), answer.head.elapsed))
            .flatten();
        match entry {
            Some(entry) => self.put(lookup, &Arc::new(entry), CacheStep::Stored).await,
            None if replaces && answer.head.status.is_success() => {
                self.remove(&lookup.teller, lookup.key.url(), lookup.deadline).await;
            }
            None => {}
        }
        answer
    }

    /// Stores an entry, unless the URL was changed since it was looked up: it may be from before that.
    async fn put(&self, lookup: &Lookup, entry: &Arc<CachedResponse>, step: CacheStep) {
        let url = lookup.key.url();
        if self.cache.changes(url) != lookup.changes {
            if step == CacheStep::Revalidated {
                lookup.tell(step);
            }
            return;
        }
        let put = self.cache.put(&lookup.key, Arc::clone(entry), lookup.deadline).await;
        if step == CacheStep::Revalidated || put.is_ok() {
            lookup.tell(step);
        }
        if put.is_err() {
            lookup.tell(CacheStep::Failed);
        }
        if self.cache.changes(url) != lookup.changes {
            self.remove(&lookup.teller, url, lookup.deadline).await;
        }
    }

    async fn remove(&self, teller: &Teller, url: &str, deadline: Option<Instant>) {
        let removed = self.cache.remove(url, deadline).await;
        let step = if removed.is_ok() { CacheStep::Removed } else { CacheStep::Failed };
        teller.tell(&Event::Cache { step });
    }

    /// The stored response as the answer.
    fn stored(&self, lookup: &Lookup, entry: &CachedResponse, pass: Pass, report: Report) -> Answer {
        let (status, request) = (entry.status(), lookup.request.clone());
        let headers = entry.headers_now(clock::system_now());
        let head = ResponseHead::new(status, headers, request.uri.clone());
        let head = ResponseHead { from_cache: true, ..report.sign(head) };
        let absent = self.settings.none_on.contains(status.as_u16());
        Answer { head, body: Arrived::Whole(entry.body().clone()), absent, pass, report, request }
    }

    /// A request that changes something: what is stored of it holds no longer (RFC 9111 §4.4).
    async fn change(&self, request: Request) -> Result<Answer> {
        let teller = Teller::new(Arc::clone(self.core), self.operation, &request);
        let url = request.uri.clone();
        let answer = self.send(&self.settings, request).await?;
        if answer.head.status.as_u16() < 400 {
            for url in touched(&url, &answer.head) {
                self.cache.changed(&url);
                self.remove(&teller, &url, None).await;
            }
        }
        Ok(answer)
    }
}

impl Lookup {
    fn tell(&self, step: CacheStep) {
        self.teller.tell(&Event::Cache { step });
    }
}

/// Whether a stale response is better than this: the server failed, or nobody reached it (RFC 5861 §4).
fn is_trouble(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Status(500 | 502 | 503 | 504)
            | ErrorKind::CircuitOpen
            | ErrorKind::Dns
            | ErrorKind::Refused
            | ErrorKind::Connect
            | ErrorKind::ConnectTimeout
            | ErrorKind::Timeout
            | ErrorKind::Deadline
            | ErrorKind::Interrupted
    )
}

/// The URLs that a change touches: its own, and of the same origin those that the answer names.
fn touched(uri: &Uri, head: &ResponseHead) -> Vec<String> {
    let mut urls = vec![uri.to_string()];
    let Ok(own) = Url::parse(&uri.to_string()) else { return urls };
    for name in [header::LOCATION, header::CONTENT_LOCATION] {
        let named = head.headers.get(name).and_then(|value| own.join(value.to_str().ok()?).ok());
        if let Some(mut named) = named.filter(|named| named.origin() == own.origin()) {
            named.set_fragment(None);
            urls.push(named.into());
        }
    }
    urls
}
