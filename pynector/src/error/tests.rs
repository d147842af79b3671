//! The table of kinds and predicates, held against its documentation; and how durations are shown.

use std::time::Duration;

use super::{Error, ErrorKind, Result, Seconds};

const KINDS: [ErrorKind; 27] = [
    ErrorKind::Config,
    ErrorKind::Request,
    ErrorKind::Serialize,
    ErrorKind::RequestBody,
    ErrorKind::Credentials,
    ErrorKind::NotConnected,
    ErrorKind::Dns,
    ErrorKind::Refused,
    ErrorKind::Tls,
    ErrorKind::Proxy,
    ErrorKind::ConnectTimeout,
    ErrorKind::Connect,
    ErrorKind::Timeout,
    ErrorKind::Interrupted,
    ErrorKind::Protocol,
    ErrorKind::Status(500),
    ErrorKind::Redirect,
    ErrorKind::BodyTooLarge,
    ErrorKind::Deserialize,
    ErrorKind::CircuitOpen,
    ErrorKind::RateLimited,
    ErrorKind::QueueFull,
    ErrorKind::Deadline,
    ErrorKind::Canceled,
    ErrorKind::File,
    ErrorKind::Changed,
    ErrorKind::Checksum,
];

/// The documented rows: kind, and a mark for each of the four groups.
fn documented() -> Vec<(String, [bool; 4])> {
    let rows = include_str!("kind.rs").lines().filter_map(|line| line.strip_prefix("/// | `"));
    rows.filter(|row| !row.starts_with("httpx."))
        .map(|row| {
            let mut cells = row.split('|').map(str::trim);
            let kind = cells.next().unwrap().trim_end_matches('`').to_owned();
            let marks: Vec<_> = cells.take(4).map(|cell| cell == "✓").collect();
            (kind, marks.try_into().unwrap())
        })
        .collect()
}

#[test]
fn every_kind_answers_as_its_table_says() {
    let table = documented();
    assert_eq!(table.len(), KINDS.len());
    for (kind, (name, marks)) in KINDS.into_iter().zip(table) {
        assert!(format!("{kind:?}").starts_with(&name), "{kind:?} stands where {name} is documented");
        let error = Error::new(kind, "");
        let answers = [error.is_connection(), error.is_timeout(), error.is_message(), error.is_status()];
        assert_eq!(answers, marks, "{kind:?}");
        assert_eq!(error.is_refused(), kind == ErrorKind::Refused);
        assert_eq!(error.is_connect_timeout(), kind == ErrorKind::ConnectTimeout);
        assert_eq!(error.is_circuit_open(), kind == ErrorKind::CircuitOpen);
        assert_eq!(error.is_rate_limited(), kind == ErrorKind::RateLimited);
    }
}

#[test]
fn every_error_of_httpx_has_a_row() {
    let rows: Vec<_> =
        include_str!("kind.rs").lines().filter_map(|line| line.strip_prefix("/// | `httpx.")).collect();
    let names: Vec<_> = rows.iter().filter_map(|row| row.split('`').next()).collect();
    let expected = [
        "ConnectError",
        "ConnectTimeout",
        "ReadTimeout",
        "WriteTimeout",
        "PoolTimeout",
        "ReadError",
        "WriteError",
        "RemoteProtocolError",
        "LocalProtocolError",
        "UnsupportedProtocol",
        "ProxyError",
        "DecodingError",
        "TooManyRedirects",
        "InvalidURL",
        "HTTPStatusError",
    ];
    assert_eq!(names, expected);
    for row in rows.iter().filter(|row| !row.starts_with("PoolTimeout")) {
        let kinds = row.split('|').nth(1).unwrap();
        for kind in kinds.split('`').skip(1).step_by(2) {
            assert!(KINDS.iter().any(|known| format!("{known:?}").starts_with(kind)), "{kind} in {row}");
        }
    }
}

#[test]
fn durations_are_shown_as_a_person_writes_them() {
    for (millis, shown) in
        [(0, "0 ms"), (350, "350 ms"), (999, "999 ms"), (1000, "1 s"), (1240, "1.2 s"), (60_000, "60 s")]
    {
        assert_eq!(Seconds(Duration::from_millis(millis)).to_string(), shown);
    }
}

#[test]
fn a_clone_is_not_told_what_becomes_of_the_other() {
    let first = Error::new(ErrorKind::Connect, "no way").with_source("a cause");
    let second = first.clone().of_operation("Users::user");
    let said = |error: &Error| std::error::Error::source(error).unwrap().to_string();
    assert_eq!((first.operation(), second.operation()), (None, Some("Users::user")));
    assert_eq!((said(&first), said(&second)), ("a cause".to_owned(), "a cause".to_owned()));
}

#[test]
fn an_error_is_one_pointer_wide() {
    assert_eq!(size_of::<Result<()>>(), size_of::<usize>());
}
