//! Redirects: followed, rewritten, counted.

use pynector::{CallOptions, ErrorKind, Response, Result};
use serde::{Deserialize, Serialize};

use crate::echo::Echo;
use crate::{Outcome, failure, httpbin, trials};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Order {
    item: String,
    count: u32,
}

#[pynector::api(retry = off)]
trait Redirects {
    #[get("/redirect/{hops}")]
    async fn redirect(&self, hops: u32) -> Result<Response<Echo>>;

    #[get("/relative-redirect/{hops}")]
    async fn relative(&self, hops: u32) -> Result<Response<Echo>>;

    #[get("/absolute-redirect/{hops}")]
    async fn absolute(&self, hops: u32) -> Result<Response<Echo>>;

    #[get("/redirect-to")]
    async fn get(&self, #[query] url: &str, #[query] status_code: u16) -> Result<Response<Echo>>;

    #[post("/redirect-to")]
    async fn post(
        &self,
        #[query] url: &str,
        #[query] status_code: u16,
        #[header("X-Trace")] trace: &str,
        #[json] order: &Order,
    ) -> Result<Response<Echo>>;

    #[get("/cookies/set")]
    async fn set_cookie(&self, #[query] flavour: &str) -> Result<Response<()>>;
}

trials!(
    hops_are_followed_to_the_end a_query_of_the_target_is_kept too_many_hops_are_an_error
    see_other_after_post_becomes_get found_after_post_becomes_get a_temporary_redirect_repeats_method_and_body
    a_target_that_is_no_url_is_refused a_redirect_that_sets_a_cookie_is_followed_without_it
);

fn order() -> Order {
    Order { item: "a \"quoted\" thing, größer".to_owned(), count: 3 }
}

async fn hops_are_followed_to_the_end() -> Outcome {
    let redirects = RedirectsClient::at(httpbin()?)?;
    for answer in [redirects.redirect(3).await?, redirects.relative(3).await?, redirects.absolute(3).await?] {
        assert_eq!(answer.url().path(), "/get");
        assert_eq!(answer.attempts(), 1, "a hop is no attempt");
        assert_eq!(answer.url, format!("{}/get", httpbin()?), "the server saw the last hop");
    }
    Ok(())
}

async fn a_query_of_the_target_is_kept() -> Outcome {
    let answer = RedirectsClient::at(httpbin()?)?.get("/anything?a=1&b=x%20y#part", 302).await?;
    assert_eq!(answer.args, [("a", "1"), ("b", "x y")].map(|(k, v)| (k.to_owned(), v.into())).into());
    assert_eq!(answer.url().query(), Some("a=1&b=x%20y"));
    Ok(())
}

async fn too_many_hops_are_an_error() -> Outcome {
    let redirects = RedirectsClient::at(httpbin()?)?;
    assert_eq!(redirects.redirect(10).await?.url().path(), "/get");
    let error = failure(redirects.redirect(11)).await?;
    assert_eq!(error.kind(), ErrorKind::Redirect);
    assert!(error.to_string().contains("more than 10 redirects"), "{error}");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(302));
    Ok(())
}

async fn see_other_after_post_becomes_get() -> Outcome {
    becomes_get(303).await
}

async fn found_after_post_becomes_get() -> Outcome {
    becomes_get(302).await
}

async fn becomes_get(status: u16) -> Outcome {
    let redirects = RedirectsClient::at(httpbin()?)?;
    let answer = redirects.post("/anything/target", status, "t1", &order()).await?;
    assert_eq!((answer.method.as_deref(), answer.data.as_deref()), (Some("GET"), Some("")));
    assert_eq!(answer.json, None);
    assert_eq!(answer.echoed("Content-Type"), None, "no header of a body without a body");
    assert_eq!(answer.echoed("X-Trace"), Some("t1"), "the others travel within an origin");
    Ok(())
}

async fn a_temporary_redirect_repeats_method_and_body() -> Outcome {
    for status in [307, 308] {
        let redirects = RedirectsClient::at(httpbin()?)?;
        let answer = redirects.post("/anything/target", status, "t2", &order()).await?;
        assert_eq!(answer.method.as_deref(), Some("POST"));
        assert_eq!(answer.data, Some(serde_json::to_string(&order())?), "byte for byte");
        assert_eq!(answer.echoed("Content-Type"), Some("application/json"));
        assert_eq!(answer.echoed("X-Trace"), Some("t2"));
        assert_eq!(answer.url().path(), "/anything/target");
    }
    Ok(())
}

async fn a_target_that_is_no_url_is_refused() -> Outcome {
    let error = failure(RedirectsClient::at(httpbin()?)?.get("ftp://127.0.0.1/file", 302)).await?;
    assert_eq!(error.kind(), ErrorKind::Redirect);
    Ok(())
}

async fn a_redirect_that_sets_a_cookie_is_followed_without_it() -> Outcome {
    let redirects = RedirectsClient::at(httpbin()?)?.with_options(CallOptions::new().header("accept", "*/*"));
    let answer = redirects.set_cookie("oatmeal").await?;
    assert_eq!((answer.status().as_u16(), answer.url().path()), (200, "/cookies"));
    assert_eq!(answer.header("set-cookie"), None);
    Ok(())
}
