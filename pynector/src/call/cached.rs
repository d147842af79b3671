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
use crate::course::Course;
use crate::error::{Error, ErrorKind, Result};
use crate::execute;
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

/// Runs one call, over the cache where there is one.
pub(super) async fn execute(call: Box<Course>, backend: &dyn Backend) -> Result<Answer> {
    let core = Arc::clone(call.core());
    match &core.cache {
        None => execute::execute(call, backend).await,
        Some(cache) => {
            let (operation, settings, request) = call.into_asked();
            let on = Exchange { cache, core: &core, backend, operation, settings };
            Box::pin(on.answer(request)).await
        }
    }
}

/// What a call stands over.
struct Exchange<'a> {
    cache: &'a Cache,
    core: &'a Arc<Core>,
    backend: &'a dyn Backend,
    operation: &'static Operation,
    settings: Arc<Resolved>,
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
    async fn answer(self, request: Request) -> Result<Answer> {
        if !request.method.is_safe() {
            return self.change(request).await;
        }
        match self.lookup(request) {
            Ok(lookup) => self.look(&lookup).await,
            Err(request) => self.send(&self.settings, *request).await,
        }
    }

    async fn send(&self, settings: &Arc<Resolved>, request: Request) -> Result<Answer> {
        let call = Course::new(self.core, self.operation, Arc::clone(settings), request);
        Box::pin(execute::execute(call, self.backend)).await
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
        let headers = request.headers.said();
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
                Ok(self.stored(lookup, &entry, Report::new(self.operation, lookup.started), None))
            }
            Some((entry, validity @ (Validity::Stale | Validity::StaleIfError))) => {
                self.revalidate(lookup, entry, validity == Validity::StaleIfError).await
            }
            Some((_, Validity::Another)) | None => self.fetch(lookup, false).await,
        }
    }

    /// The settings for what is left of the deadline; a store that answered at once has taken nothing.
    fn left(&self, lookup: &Lookup) -> Arc<Resolved> {
        let mut settings = Arc::clone(&self.settings);
        let spent = clock::now().saturating_duration_since(lookup.started);
        if spent.as_millis() > 0 {
            let deadline = &mut Arc::make_mut(&mut settings).timeouts.deadline;
            *deadline = deadline.map(|limit| limit.saturating_sub(spent));
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
            let settings = Arc::make_mut(&mut settings);
            settings.none_on = settings.none_on.range(304, 304);
        }
        for (name, value) in validators {
            request.headers.set(name, value)?;
        }
        match self.send(&settings, request).await {
            Ok(mut answer) if asks && answer.head().status == http::StatusCode::NOT_MODIFIED => {
                let (now, took) = (clock::system_now(), answer.call.took());
                let here = answer.call.url() == &lookup.request.uri;
                let refreshed = here.then(|| entry.refreshed(&answer.head().headers, now, took)).flatten();
                let Some(refreshed) = refreshed else {
                    answer.call.settle_status(304);
                    drop(answer);
                    return self.fetch(lookup, true).await;
                };
                let refreshed = Arc::new(refreshed);
                match lookup.asked.renewed(&refreshed) {
                    Some(entry) => self.put(lookup, &Arc::new(entry), CacheStep::Revalidated).await,
                    None => self.remove(&lookup.teller, lookup.key.url(), lookup.deadline).await,
                }
                let pass = answer.call.take_pass();
                Ok(self.stored(lookup, &refreshed, answer.call.into_report(), Some(pass)))
            }
            Ok(answer) => {
                lookup.tell(CacheStep::Missed);
                Ok(self.keep(lookup, answer, true).await)
            }
            Err(error) if or_stale && is_trouble(&error) => {
                lookup.tell(CacheStep::StaleServed);
                let mut report = Report::new(self.operation, lookup.started);
                report.attempts = error.attempts();
                Ok(self.stored(lookup, &entry, report, None))
            }
            Err(error) => Err(error),
        }
    }

    /// Stores an answer that may be stored; one that came from elsewhere is not, since whether that holds is said there.
    async fn keep(&self, lookup: &Lookup, answer: Answer, replaces: bool) -> Answer {
        let Ok(body) = answer.whole() else { return answer };
        let (head, here) = (answer.head(), answer.call.url() == &lookup.request.uri);
        let entry = body
            .filter(|_| here)
            .and_then(|body| lookup.asked.store(head, body, clock::system_now(), answer.call.took()));
        match entry {
            Some(entry) => self.put(lookup, &Arc::new(entry), CacheStep::Stored).await,
            None if replaces && head.status.is_success() => {
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

    /// The stored response as the answer, with the pass of the attempt that has found out that it holds.
    fn stored(&self, lookup: &Lookup, entry: &CachedResponse, report: Report, pass: Option<Pass>) -> Answer {
        let (status, request) = (entry.status(), lookup.request.clone());
        let headers = entry.headers_now(clock::system_now());
        let mut head = Box::new(ResponseHead::new(status, headers));
        head.from_cache = true;
        let call = Course::of_stored(self.core, self.operation, &self.settings, (request, report), pass);
        Answer::new(head, Arrived::Whole(entry.body().clone()), call)
    }

    /// A request that changes something: what is stored of it holds no longer (RFC 9111 §4.4).
    async fn change(&self, request: Request) -> Result<Answer> {
        let teller = Teller::new(Arc::clone(self.core), self.operation, &request);
        let url = request.uri.clone();
        let answer = self.send(&self.settings, request).await?;
        if answer.head().status.as_u16() < 400 {
            for url in touched(&url, answer.head()) {
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
