//! Statuses as typed errors, conditional requests, and what is tried again.

use std::time::Duration;

use pynector::http::HeaderValue;
use pynector::{Clock, Error, ErrorKind, Response, Result, StopReason};
use serde_json::Value;

use crate::echo::Echo;
use crate::{Outcome, failure, httpbin, trials};

#[pynector::api(retry(max_retries = 2, initial_backoff = "1ms", jitter = none))]
trait Statuses {
    #[get("/status/{code}", retry = off)]
    async fn status(&self, code: u16) -> Result<()>;

    #[get("/status/418")]
    async fn teapot(&self) -> Result<String, Brewing>;

    #[get("/status/{code}")]
    async fn retried(&self, code: u16) -> Result<()>;

    #[post("/status/{code}")]
    async fn posted(&self, code: u16) -> Result<()>;

    #[post("/status/{code}", idempotent)]
    async fn posted_idempotently(&self, code: u16) -> Result<()>;

    #[get("/etag/{tag}")]
    async fn etag(
        &self,
        tag: &str,
        #[header("If-None-Match")] none_match: Option<&str>,
        #[header("If-Match")] r#match: Option<&str>,
    ) -> Result<Response<Echo>>;

    #[get("/delay/{seconds}", retry = off)]
    async fn delay(&self, seconds: u32) -> Result<Echo>;

    #[get("/delay/{seconds}", timeout = "100ms")]
    async fn impatient(&self, seconds: u32) -> Result<Echo>;

    #[get("/delay/{seconds}", timeouts(deadline = "100ms"))]
    async fn bounded(&self, seconds: u32) -> Result<Echo>;

    #[get("/response-headers")]
    async fn headers(&self, #[query] etag: &str, #[query("x-list")] list: &[&str])
    -> Result<Response<Value>>;
}

/// An error type of a program's own.
#[derive(Debug)]
enum Brewing {
    Teapot(String),
    Other(Error),
}

impl From<Error> for Brewing {
    fn from(error: Error) -> Self {
        match (error.kind(), error.body()) {
            (ErrorKind::Status(418), Some(body)) => Self::Teapot(String::from_utf8_lossy(body).into_owned()),
            _ => Self::Other(error),
        }
    }
}

trials!(
    a_success_is_a_success every_other_status_is_a_typed_error an_error_becomes_a_type_of_the_user
    a_busy_server_is_asked_again a_post_is_not_repeated an_idempotent_post_is_repeated
    an_etag_answers_conditions a_short_delay_is_waited_for an_attempt_ends_by_its_clock
    a_call_ends_by_its_deadline headers_of_the_response_are_there
);

async fn a_success_is_a_success() -> Outcome {
    let statuses = StatusesClient::at(httpbin()?)?;
    for code in [200, 201, 202, 204, 299] {
        statuses.status(code).await?;
    }
    Ok(())
}

async fn every_other_status_is_a_typed_error() -> Outcome {
    let statuses = StatusesClient::at(httpbin()?)?;
    for code in [300, 304, 400, 401, 403, 404, 406, 409, 418, 422, 429, 500, 502, 503, 504, 599] {
        let error = failure(statuses.status(code)).await?;
        assert_eq!(error.kind(), ErrorKind::Status(code));
        assert_eq!(error.status().map(|status| status.as_u16()), Some(code));
        assert_eq!((error.is_client_error(), error.is_server_error()), (code / 100 == 4, code / 100 == 5));
        assert_eq!(
            (
                error.is_unauthorized(),
                error.is_forbidden(),
                error.is_not_found(),
                error.is_too_many_requests()
            ),
            (code == 401, code == 403, code == 404, code == 429)
        );
        assert!(error.to_string().starts_with("Statuses::status: GET http://"), "{error}");
        assert!(error.to_string().contains(&format!("/status/{code}: {code}")), "{error}");
    }
    Ok(())
}

async fn an_error_becomes_a_type_of_the_user() -> Outcome {
    match StatusesClient::at(httpbin()?)?.teapot().await {
        Err(Brewing::Teapot(art)) => assert!(art.contains("-=[ teapot ]=-"), "{art}"),
        other => return Err(format!("{other:?}").into()),
    }
    let nobody = StatusesClient::at("http://127.0.0.1:9")?;
    match nobody.teapot().await {
        Err(Brewing::Other(error)) => assert!(error.is_refused(), "{error}"),
        other => return Err(format!("{other:?}").into()),
    }
    Ok(())
}

async fn a_busy_server_is_asked_again() -> Outcome {
    let statuses = StatusesClient::at(httpbin()?)?;
    for (code, attempts) in [(503, 3), (429, 3), (404, 1)] {
        let error = failure(statuses.retried(code)).await?;
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Status(code), attempts));
        assert_eq!(error.history().len(), attempts as usize);
        assert_eq!(error.is_retryable(), code != 404);
        let reason = if code == 404 { StopReason::NotRetryable } else { StopReason::Exhausted };
        assert_eq!(error.stop_reason(), Some(reason));
    }
    Ok(())
}

async fn a_post_is_not_repeated() -> Outcome {
    let error = failure(StatusesClient::at(httpbin()?)?.posted(503)).await?;
    assert_eq!((error.attempts(), error.stop_reason()), (1, Some(StopReason::NotReplayable)));
    assert!(error.was_sent());
    Ok(())
}

async fn an_idempotent_post_is_repeated() -> Outcome {
    let error = failure(StatusesClient::at(httpbin()?)?.posted_idempotently(503)).await?;
    assert_eq!((error.attempts(), error.stop_reason()), (3, Some(StopReason::Exhausted)));
    Ok(())
}

async fn an_etag_answers_conditions() -> Outcome {
    let statuses = StatusesClient::at(httpbin()?)?;
    let fresh = statuses.etag("v1", None, None).await?;
    assert_eq!((fresh.status().as_u16(), fresh.header("etag")), (200, Some("v1")));
    assert_eq!((fresh.echoed("If-None-Match"), fresh.echoed("If-Match")), (None, None));

    let unchanged = failure(statuses.etag("v1", Some("\"v0\", \"v1\""), None)).await?;
    assert_eq!(unchanged.kind(), ErrorKind::Status(304));
    let tag = unchanged.headers().and_then(|headers| headers.get("etag"));
    assert_eq!(tag.map(HeaderValue::as_bytes), Some(&b"v1"[..]));
    assert_eq!(statuses.etag("v2", Some("\"v1\""), None).await?.header("etag"), Some("v2"));

    assert_eq!(failure(statuses.etag("v2", None, Some("\"v1\""))).await?.kind(), ErrorKind::Status(412));
    assert_eq!(statuses.etag("v2", None, Some("*")).await?.echoed("If-Match"), Some("*"));
    Ok(())
}

async fn a_short_delay_is_waited_for() -> Outcome {
    let answer = StatusesClient::at(httpbin()?)?.delay(1).await?;
    assert!(answer.url.ends_with("/delay/1"), "{}", answer.url);
    Ok(())
}

async fn an_attempt_ends_by_its_clock() -> Outcome {
    let error = failure(StatusesClient::at(httpbin()?)?.impatient(3)).await?;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 3));
    assert_eq!(error.clock(), Some((Clock::Attempt, Duration::from_millis(100))));
    assert!(error.is_timeout() && error.is_connection() && error.was_sent());
    Ok(())
}

async fn a_call_ends_by_its_deadline() -> Outcome {
    let error = failure(StatusesClient::at(httpbin()?)?.bounded(3)).await?;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Deadline, 1));
    assert_eq!(error.clock(), Some((Clock::Deadline, Duration::from_millis(100))));
    Ok(())
}

async fn headers_of_the_response_are_there() -> Outcome {
    let answer = StatusesClient::at(httpbin()?)?.headers("\"tag\"", &["one", "two, three"]).await?;
    assert_eq!(answer.header("etag"), Some("\"tag\""));
    let list: Vec<_> = answer.headers().get_all("x-list").iter().map(HeaderValue::as_bytes).collect();
    assert_eq!(list, [&b"one"[..], b"two, three"]);
    assert_eq!(answer.get("x-list"), Some(&serde_json::json!(["one", "two, three"])));
    Ok(())
}
