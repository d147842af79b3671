//! The sockets of a client as its server sees them: how many, how long, from where, under what name.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use pynector::backend::{ScriptBackend, Step};
use pynector::{CallOptions, ConnectionOptions, ErrorKind, HttpConfig, HttpTransport, Operation};
use pynector_tests::WireBackend;
use pynector_tests::served::Server;
use serde_json::{Value, json};

use crate::{GET, MS};

const SLOW: Operation = Operation::get("T::slow", "/slow");

async fn get(transport: &HttpTransport) {
    assert_eq!(transport.call(&GET).send::<u32>().await.unwrap(), 7);
}

fn config(value: Value) -> HttpConfig {
    serde_json::from_value(value).unwrap()
}

/// How many connections three calls at once take, and three more.
async fn two_bursts(options: ConnectionOptions) -> [usize; 2] {
    let server = Server::plain().await;
    let transport = HttpTransport::builder(server.url()).connection(options).build().unwrap();
    let mut counts = [0; 2];
    for count in &mut counts {
        let calls: Vec<_> = (0..3).map(|_| tokio::spawn(transport.call(&SLOW).send::<u32>())).collect();
        for call in calls {
            call.await.unwrap().unwrap();
        }
        // A connection goes back to the pool a moment after its last byte was read.
        tokio::time::sleep(100 * MS).await;
        *count = server.connections();
    }
    counts
}

#[tokio::test]
async fn the_pool_keeps_as_many_idle_connections_as_it_may() {
    assert_eq!(two_bursts(ConnectionOptions::new()).await, [3, 3]);
    assert_eq!(two_bursts(ConnectionOptions::new().pool_max_idle_per_host(1)).await, [3, 5]);
    assert_eq!(two_bursts(ConnectionOptions::new().pool_max_idle_per_host(0)).await, [3, 6]);
}

#[tokio::test]
async fn an_idle_connection_is_kept_for_its_time() {
    for (value, connections) in [
        (json!({}), 1),
        (json!({ "pool_idle_timeout": "none" }), 1),
        (json!({ "pool_idle_timeout": "20s" }), 1),
        (json!({ "pool_idle_timeout": "20ms" }), 2),
        (json!({ "pool_max_idle_per_host": 0 }), 2),
    ] {
        let server = Server::plain().await;
        let transport = HttpTransport::builder(server.url()).config(&config(value.clone())).build().unwrap();
        get(&transport).await;
        tokio::time::sleep(60 * MS).await;
        get(&transport).await;
        assert_eq!(server.connections(), connections, "{value}");
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn connections_come_from_the_local_address() {
    let other = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));
    for (options, expected) in [
        (ConnectionOptions::new(), IpAddr::V4(Ipv4Addr::LOCALHOST)),
        (ConnectionOptions::new().local_address(other), other),
        (ConnectionOptions::new().local_address(other).local_address(None), IpAddr::V4(Ipv4Addr::LOCALHOST)),
    ] {
        let server = Server::plain().await;
        get(&HttpTransport::builder(server.url()).connection(options).build().unwrap()).await;
        assert_eq!(server.asked()[0].peer.ip(), expected);
    }
    let server = Server::plain().await;
    let file = config(json!({ "local_address": "127.0.0.2" }));
    get(&HttpTransport::builder(server.url()).config(&file).build().unwrap()).await;
    assert_eq!(server.asked()[0].peer.ip(), other);
}

/// The timer of the client's socket in the kernel's table: which one waits, and for how many seconds.
#[cfg(target_os = "linux")]
fn timer(client: u16, server: &str) -> (String, u64) {
    let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
    let server: u16 = server.rsplit(':').next().unwrap().parse().unwrap();
    let ends = [format!("0100007F:{client:04X}"), format!("0100007F:{server:04X}")];
    let line = table.lines().find(|line| line.split_whitespace().skip(1).take(2).eq(&ends)).unwrap();
    let (kind, ticks) = line.split_whitespace().nth(5).unwrap().split_once(':').unwrap();
    (kind.to_owned(), u64::from_str_radix(ticks, 16).unwrap() / 100)
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn tcp_asks_after_the_time_of_keep_alive() {
    const NONE: &str = "00";
    const KEEP_ALIVE: &str = "02";
    for (options, kind, between) in [
        (ConnectionOptions::new(), KEEP_ALIVE, 10..=15),
        (ConnectionOptions::new().tcp_keepalive(Duration::from_secs(100)), KEEP_ALIVE, 90..=100),
        (ConnectionOptions::new().tcp_keepalive(None), NONE, 0..=0),
    ] {
        let server = Server::plain().await;
        let transport = HttpTransport::builder(server.url()).connection(options).build().unwrap();
        get(&transport).await;
        let mut seen = timer(server.asked()[0].peer.port(), &server.url());
        // The timer of a byte that is not acknowledged yet may stand in its place for a moment.
        for _ in 0..100 {
            if seen.0 == kind {
                break;
            }
            tokio::time::sleep(20 * MS).await;
            seen = timer(server.asked()[0].peer.port(), &server.url());
        }
        assert!(seen.0 == kind && between.contains(&seen.1), "{seen:?}");
    }
}

#[tokio::test]
async fn the_user_agent_is_one_header_on_the_ladder() {
    let server = Server::plain().await;
    let builder = || HttpTransport::builder(server.url());
    let file = config(json!({ "user_agent": "file/1" }));
    get(&builder().build().unwrap()).await;
    get(&builder().user_agent("mine/2").build().unwrap()).await;
    get(&builder().config(&file).build().unwrap()).await;
    get(&builder().user_agent("mine/2").header("User-Agent", "last/3").build().unwrap()).await;
    let call = CallOptions::new().header("user-agent", "call/4");
    get(&builder().user_agent("mine/2").build().unwrap().with_options(call)).await;
    let agents: Vec<_> = server
        .asked()
        .iter()
        .map(|asked| {
            let all: Vec<_> = asked.headers.get_all("user-agent").iter().collect();
            assert_eq!(all.len(), 1);
            all[0].to_str().unwrap().to_owned()
        })
        .collect();
    let default = concat!("pynector/", env!("CARGO_PKG_VERSION"));
    assert_eq!(agents, [default, "mine/2", "file/1", "last/3", "call/4"]);
    let error = HttpTransport::builder("http://h").user_agent("a\r\nb: c").build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
}

#[tokio::test]
async fn options_beside_an_own_backend_are_refused() {
    let with =
        |options| HttpTransport::builder("http://h").backend(ScriptBackend::default()).connection(options);
    let new = ConnectionOptions::new;
    for options in [
        new().verify_ssl(true),
        new().http2(true),
        new().http2_prior_knowledge(false),
        new().add_root_certificate(pynector::Certificate::from_pem("x")),
        new().proxy("http://u:hunter2@p"),
        new().no_proxy(),
        new().proxy_from_env(true),
        new().tcp_keepalive(None),
        new().pool_max_idle_per_host(1),
        new().pool_idle_timeout(None),
        new().local_address(IpAddr::V4(Ipv4Addr::LOCALHOST)),
    ] {
        let error = with(options).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert_eq!(error.invalid_setting().unwrap().field, "connection");
        let line = error.to_string();
        assert!(
            line.contains("`backend`") && line.contains("with_options") && !line.contains("hunter2"),
            "{line}"
        );
    }
    let file = config(json!({ "proxy": "http://p" }));
    assert!(
        HttpTransport::builder("http://h").config(&file).backend(ScriptBackend::default()).build().is_err()
    );
    // A header is no option of connections.
    let script = ScriptBackend::new([Step::json("7")]);
    let builder = HttpTransport::builder("http://h").user_agent("mine/2").backend(script.clone());
    get(&builder.connection(new()).build().unwrap()).await;
    assert_eq!(script.requests()[0].headers["user-agent"], "mine/2");
}

#[tokio::test]
async fn a_backend_that_is_wrapped_takes_the_options_itself() {
    let server = Server::plain().await;
    let options = ConnectionOptions::new().http2_prior_knowledge(true);
    let backend = WireBackend::with_options(&options).unwrap();
    get(&HttpTransport::builder(server.url()).backend(backend).build().unwrap()).await;
    assert_eq!(format!("{:?}", server.asked()[0].version), "HTTP/2.0");
    let bad = ConnectionOptions::new().tcp_keepalive(MS);
    assert_eq!(WireBackend::with_options(&bad).unwrap_err().kind(), ErrorKind::Config);
}
