//! The steps: each makes its calls, and holds what the server saw against what must have happened.

use std::fmt::{self, Debug, Display};
use std::time::Duration;

use pynector::ErrorKind;

use crate::api::{Book, Library as _, LibraryClient, LibraryError, NewBook};
use crate::clock;
use crate::server::{Seen, Server};
use crate::transcript::{ms, say};

/// Everything that the program shows, in order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Step {
    Get,
    Post,
    NotFound,
    Retry,
    RetryAfter,
    Breaker,
    Deadline,
}

impl Step {
    pub(crate) const ALL: [Self; 7] =
        [Self::Get, Self::Post, Self::NotFound, Self::Retry, Self::RetryAfter, Self::Breaker, Self::Deadline];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Post => "post",
            Self::NotFound => "not-found",
            Self::Retry => "retry",
            Self::RetryAfter => "retry-after",
            Self::Breaker => "breaker",
            Self::Deadline => "deadline",
        }
    }

    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Get => "a typed GET with path, query and header parameters",
            Self::Post => "a typed POST with a JSON body",
            Self::NotFound => "a 404 as a typed error",
            Self::Retry => "a call that succeeds after two 503 answers",
            Self::RetryAfter => "a POST that waits as long as the server asks",
            Self::Breaker => "a breaker that opens, refuses, probes and closes",
            Self::Deadline => "a deadline that ends a hanging call",
        }
    }

    /// Takes the step; an error says what did not happen.
    pub(crate) async fn take(self, library: &LibraryClient, server: &Server) -> Result<(), Mismatch> {
        match self {
            Self::Get => get(library, server).await,
            Self::Post => post(library, server).await,
            Self::NotFound => not_found(library, server).await,
            Self::Retry => retry(library, server).await,
            Self::RetryAfter => retry_after(library, server).await,
            Self::Breaker => breaker(library, server).await,
            Self::Deadline => deadline(library, server).await,
        }
    }
}

async fn get(library: &LibraryClient, server: &Server) -> Result<(), Mismatch> {
    let books = library.books("science fiction", "Ursula K. Le Guin", None, 2, "ada").await?;
    let titles: Vec<_> = books.into_iter().map(|book| book.title).collect();
    say("answer", titles.join(", "));

    check("titles", ["The Dispossessed", "The Left Hand of Darkness"].as_slice(), &titles)?;
    let request = the_one(server.seen())?;
    check("reader", Some("ada"), request.header("x-reader"))?;
    say("", "x-reader: ada");
    let line = "GET /shelves/science%20fiction/books?author=Ursula%20K.%20Le%20Guin&limit=2";
    check("request", line, &request.line)
}

async fn post(library: &LibraryClient, server: &Server) -> Result<(), Mismatch> {
    let kindred = NewBook { title: "Kindred", author: "Octavia E. Butler" };
    let Book { id, title } = library.add("science fiction", &kindred).await?;
    say("answer", format_args!("{title} has the number {id}"));

    check("book", (3, "Kindred"), (id, title.as_str()))?;
    let request = the_one(server.seen())?;
    say("", &request.body);
    check("content type", Some("application/json"), request.header("content-type"))?;
    check("body", r#"{"title":"Kindred","author":"Octavia E. Butler"}"#, &request.body)
}

async fn not_found(library: &LibraryClient, server: &Server) -> Result<(), Mismatch> {
    match library.book(404).await {
        Err(LibraryError::NoSuchBook(missing)) => {
            say("error", format_args!("no book {}: {}", missing.id, missing.hint));
            check("number", 404, missing.id)?;
        }
        Err(LibraryError::Call(error)) => return Err(error.into()),
        Ok(book) => return Err(Mismatch::new("answer", "no such book", book.title)),
    }
    // Trying again would not help, so nobody did.
    let request = the_one(server.seen())?;
    check("request", "GET /books/404", &request.line)
}

async fn retry(library: &LibraryClient, server: &Server) -> Result<(), Mismatch> {
    let hours = library.hours().await?;
    say(
        "answer",
        format_args!("open from {}, {} attempts in {}", *hours, hours.attempts(), ms(hours.elapsed())),
    );

    check("hours", "9 to 5", hours.as_str())?;
    check("attempts", 3, hours.attempts())?;
    count(3, server)
}

async fn retry_after(library: &LibraryClient, server: &Server) -> Result<(), Mismatch> {
    let loan = library.borrow(7).await?;
    say("answer", format_args!("{}, {} attempts", loan.status(), loan.attempts()));

    let [first, second] =
        server.seen().try_into().map_err(|seen: Vec<Seen>| Mismatch::new("requests", 2, seen.len()))?;
    let waited = second.at.duration_since(first.at);
    say("server saw", format_args!("the second request {} after the first", ms(waited)));
    if waited < Duration::from_secs(1) {
        return Err(Mismatch::new("wait", "at least 1000 ms", ms(waited)));
    }
    Ok(())
}

async fn breaker(library: &LibraryClient, server: &Server) -> Result<(), Mismatch> {
    for _ in 0..3 {
        let error = failure(library.tip().await)?;
        check("error", ErrorKind::Status(500), error.kind())?;
    }
    count(3, server)?;

    let refused = failure(library.tip().await)?;
    say("error", &refused);
    check("error", ErrorKind::CircuitOpen, refused.kind())?;
    count(0, server)?;

    let left = refused.retry_in().unwrap_or_default();
    say("wait", format_args!("{}, the time left", ms(left)));
    check("time left", true, left > Duration::ZERO)?;
    clock::sleep(left).await;

    // One call is the probe; while the server takes its time with it, others are refused.
    let others = async {
        let refused = [library.tip().await, library.tip().await];
        server.answer_probe();
        refused
    };
    let (probe, refused) = tokio::join!(library.tip(), others);
    say("answer", probe?.title);
    for call in refused {
        check("error beside the probe", ErrorKind::CircuitOpen, failure(call)?.kind())?;
    }
    count(1, server)?;

    let book = library.tip().await?;
    say("answer", book.title);
    count(1, server)
}

async fn deadline(library: &LibraryClient, server: &Server) -> Result<(), Mismatch> {
    let error = failure(library.search("dragons").await)?;
    say("error", &error);

    check("error", ErrorKind::Deadline, error.kind())?;
    let request = the_one(server.seen())?;
    check("request", "GET /search?q=dragons", &request.line)
}

/// What should have happened, and what did.
pub(crate) struct Mismatch {
    what: &'static str,
    expected: String,
    seen: String,
}

impl Mismatch {
    pub(crate) fn new(what: &'static str, expected: impl Display, seen: impl Display) -> Self {
        Self { what, expected: expected.to_string(), seen: seen.to_string() }
    }
}

impl Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}, saw {}", self.what, self.expected, self.seen)
    }
}

/// A call that should have succeeded.
impl From<pynector::Error> for Mismatch {
    fn from(error: pynector::Error) -> Self {
        Self::new("call", "an answer", error)
    }
}

/// Holds what was seen against what was expected.
#[expect(clippy::needless_pass_by_value, reason = "expectations are literals")]
pub(crate) fn check<E, S>(what: &'static str, expected: E, seen: S) -> Result<(), Mismatch>
where
    E: Debug + PartialEq<S>,
    S: Debug,
{
    if expected == seen {
        return Ok(());
    }
    Err(Mismatch::new(what, format_args!("{expected:?}"), format_args!("{seen:?}")))
}

/// The error of a call that must fail.
fn failure<T>(result: pynector::Result<T>) -> Result<pynector::Error, Mismatch> {
    result.err().ok_or_else(|| Mismatch::new("call", "an error", "an answer"))
}

/// Holds the number of requests that reached the server since it was last asked against what it must be.
fn count(expected: usize, server: &Server) -> Result<(), Mismatch> {
    let seen = server.seen().len();
    say("server saw", format_args!("{seen} {}", if seen == 1 { "request" } else { "requests" }));
    check("requests at the server", expected, seen)
}

/// The only request that may have reached the server.
fn the_one(seen: Vec<Seen>) -> Result<Seen, Mismatch> {
    let [request] = seen.try_into().map_err(|seen: Vec<Seen>| Mismatch::new("requests", 1, seen.len()))?;
    say("server saw", &request.line);
    Ok(request)
}
