//! The same calls by reqwest, by hyper-util's client, and of a body what serde_json alone takes.

use std::hint::black_box;

use bytes::Bytes;
use common::repository::Repository as Record;
use http_body_util::{BodyExt as _, Empty};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde::de::DeserializeOwned;

use crate::cases::{Case, Run};
use crate::{server, text};

pub(crate) fn client(case: &Case, base: String) -> Result<Run, String> {
    let (headers, url) = match case.what {
        "headers" => (case.n, format!("{base}/h/7")),
        _ => (0, format!("{base}/body/{}", case.n)),
    };
    let headers: Vec<_> =
        (0..headers).map(|nth| (format!("x-header-{nth}"), format!("value-{nth}"))).collect();
    let of_one = case.what == "headers";
    Ok(match case.contestant {
        "serde_json" => {
            let body = server::list(case.n);
            Box::new(move |calls| {
                for _ in 0..calls {
                    let _ = black_box(decoded(body.as_bytes(), false));
                }
                Box::pin(async { Ok(()) })
            })
        }
        "reqwest" => {
            let client = reqwest::Client::builder().build().map_err(text)?;
            Box::new(move |calls| {
                Box::pin(by_reqwest(client.clone(), url.clone(), headers.clone(), of_one, calls))
            })
        }
        _ => {
            let client = Client::builder(TokioExecutor::new()).build_http();
            Box::new(move |calls| {
                Box::pin(by_hyper_util(client.clone(), url.clone(), headers.clone(), of_one, calls))
            })
        }
    })
}

async fn by_reqwest(
    client: reqwest::Client,
    url: String,
    headers: Vec<(String, String)>,
    of_one: bool,
    calls: usize,
) -> Result<(), String> {
    for _ in 0..calls {
        let mut request = client.get(&url);
        for (name, value) in &headers {
            request = request.header(name, value);
        }
        let response = request.send().await.and_then(reqwest::Response::error_for_status).map_err(text)?;
        black_box(decoded(&response.bytes().await.map_err(text)?, of_one)?);
    }
    Ok(())
}

async fn by_hyper_util(
    client: Client<HttpConnector, Empty<Bytes>>,
    url: String,
    headers: Vec<(String, String)>,
    of_one: bool,
    calls: usize,
) -> Result<(), String> {
    for _ in 0..calls {
        let mut request = hyper::Request::get(&url);
        for (name, value) in &headers {
            request = request.header(name, value);
        }
        let response = client.request(request.body(Empty::new()).map_err(text)?).await.map_err(text)?;
        let body = response.into_body().collect().await.map_err(text)?.to_bytes();
        black_box(decoded(&body, of_one)?);
    }
    Ok(())
}

fn decoded(body: &[u8], of_one: bool) -> Result<u64, String> {
    fn of<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
        serde_json::from_slice(body).map_err(text)
    }
    if of_one {
        return Ok(of::<Record>(body)?.weight());
    }
    Ok(of::<Vec<Record>>(body)?.iter().map(Record::weight).sum())
}
