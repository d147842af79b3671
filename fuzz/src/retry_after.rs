//! `Retry-After`: what a client tells of it is what the rules say, whatever stands in the header.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use pynector::Endpoint;
use pynector::http::{HeaderValue, Response};

#[derive(Endpoint)]
#[get("/", response = ())]
struct Get;

/// The first line is the `date` of a response, the others are its `retry-after`.
pub fn run(data: &[u8]) {
    let mut lines = data.split(|byte| *byte == b'\n').filter_map(|line| HeaderValue::from_bytes(line).ok());
    let date = lines.next();
    let values: Vec<_> = lines.collect();
    let before = SystemTime::now();
    let asked = [503, 429].map(|status| told(status, date.as_ref(), &values));
    let after = SystemTime::now();
    for asked in asked {
        let (longest, shortest) =
            (expected(date.as_ref(), &values, before), expected(date.as_ref(), &values, after));
        assert!(shortest <= asked && asked <= longest, "{shortest:?} <= {asked:?} <= {longest:?}");
    }
    assert_eq!(told(500, date.as_ref(), &values), None, "only a server that is busy is heard");
}

/// What the error of a response tells.
fn told(status: u16, date: Option<&HeaderValue>, values: &[HeaderValue]) -> Option<Duration> {
    let mut response = Response::builder().status(status).body(Bytes::new()).unwrap();
    let headers = response.headers_mut();
    headers.extend(date.map(|date| (pynector::http::header::DATE, date.clone())));
    for value in values {
        headers.append("retry-after", value.clone());
    }
    let error = Get::decode(response).unwrap_err();
    assert!(error.to_string().len() < 1000);
    error.retry_after()
}

/// Seconds or a date, of values that all say the same.
fn expected(date: Option<&HeaderValue>, values: &[HeaderValue], now: SystemTime) -> Option<Duration> {
    let texts: Vec<_> = values.iter().map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
    let texts: Vec<_> = texts.iter().map(|text| text.trim_matches([' ', '\t'])).collect();
    let (first, others) = texts.split_first()?;
    if others.iter().any(|other| other != first) || values.iter().any(|value| !is_utf8(value)) {
        return None;
    }
    if !first.is_empty() && first.chars().all(|digit| digit.is_ascii_digit()) {
        let number = first.trim_start_matches('0');
        let most = u64::MAX.to_string();
        let fits = number.len() < most.len() || (number.len() == most.len() && *number <= *most);
        let seconds = if fits { format!("0{number}").parse().unwrap() } else { u64::MAX };
        return Some(Duration::from_secs(seconds));
    }
    let until = httpdate::parse_http_date(first).ok()?;
    let own = date.and_then(|date| httpdate::parse_http_date(date.to_str().ok()?.trim()).ok());
    Some(until.duration_since(own.unwrap_or(now)).unwrap_or_default())
}

fn is_utf8(value: &HeaderValue) -> bool {
    std::str::from_utf8(value.as_bytes()).is_ok()
}
