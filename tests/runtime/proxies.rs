//! Proxies on real sockets: who is asked, what it is told, and what an error says of it.

use pynector::{Certificate, ErrorKind, HttpTransport, RetryPolicy};
use pynector_tests::raw::{RawServer, Reply};
use pynector_tests::served::{Identity, Server, TunnelProxy};

use crate::{GET, MS};

type Builder = pynector::ClientBuilder<HttpTransport>;

fn eager(url: impl AsRef<str>) -> Builder {
    HttpTransport::builder(url).retry(RetryPolicy::new().initial_backoff(MS).max_retries(2))
}

async fn failure(builder: Builder) -> pynector::Error {
    let transport = builder.build().unwrap();
    let error = transport.call(&GET).send::<u32>().await.unwrap_err();
    assert!(!error.was_sent() && error.is_connection());
    for shown in [format!("{error} {error:?}"), format!("{transport:?}")] {
        assert!(!shown.contains("hunter2") && !shown.contains("aHVudGVyMg"), "{shown}");
    }
    error
}

fn with_password(proxy: &RawServer) -> String {
    proxy.url().replace("http://", "http://me:hunter%402@")
}

#[tokio::test]
async fn a_proxy_is_asked_for_the_whole_url_and_shown_the_password() {
    let proxy = RawServer::start([Reply::ok("200 OK", "content-type: application/json\r\n", "7")]).await;
    let builder = HttpTransport::builder("http://api.invalid:81/v1").proxy(with_password(&proxy));
    assert!(!format!("{builder:?}").contains("hunter"), "{builder:?}");
    let transport = builder.build().unwrap();
    for _ in 0..2 {
        assert_eq!(transport.call(&GET).send::<u32>().await.unwrap(), 7);
    }
    let requests = proxy.requests();
    assert_eq!((requests.len(), proxy.connections()), (2, 1));
    for request in requests {
        assert!(request.starts_with("GET http://api.invalid:81/v1/x HTTP/1.1\r\n"), "{request}");
        // me:hunter@2
        assert!(request.contains("proxy-authorization: Basic bWU6aHVudGVyQDI=\r\n"), "{request}");
        assert!(request.contains("host: api.invalid:81\r\n"), "{request}");
    }
}

#[tokio::test]
async fn https_goes_through_a_tunnel_that_reads_nothing() {
    let identity = Identity::of(&["127.0.0.1"]);
    let server = Server::tls(&identity).await;
    let proxy = TunnelProxy::start().await;
    let transport = eager(server.url())
        .proxy(format!("http://me:hunter2@{}", proxy.address()))
        .add_root_certificate(Certificate::from_pem(&identity.pem))
        .bearer("secret")
        .build()
        .unwrap();
    for _ in 0..2 {
        assert_eq!(transport.call(&GET).send::<u32>().await.unwrap(), 7);
    }
    let heads = proxy.heads();
    assert_eq!(heads.len(), 1);
    let host = server.url().replace("https://", "");
    assert!(heads[0].starts_with(&format!("CONNECT {host} HTTP/1.1\r\n")), "{}", heads[0]);
    assert!(heads[0].to_lowercase().contains("proxy-authorization: basic "), "{}", heads[0]);
    assert!(!heads[0].contains("secret"), "{}", heads[0]);
    let asked = server.asked();
    assert_eq!((asked.len(), server.connections()), (2, 1));
    for asked in asked {
        assert_eq!(format!("{:?}", asked.version), "HTTP/2.0");
        assert!(!asked.headers.contains_key("proxy-authorization"));
    }
}

#[tokio::test]
async fn a_certificate_behind_a_tunnel_is_the_servers() {
    let server = Server::tls(&Identity::of(&["127.0.0.1"])).await;
    let proxy = TunnelProxy::start().await;
    let error = failure(eager(server.url()).proxy(format!("http://{}", proxy.address()))).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Tls, 1));
    assert!(error.to_string().contains("the certificate of 127.0.0.1 was rejected"), "{error}");
}

#[tokio::test]
async fn a_certificate_of_the_proxy_is_the_proxys() {
    let proxy = Server::tls(&Identity::of(&["127.0.0.1"])).await;
    for url in ["http://api.invalid", "https://api.invalid"] {
        let error = failure(eager(url).proxy(proxy.url())).await;
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Tls, 1));
        let words = format!("the certificate of the proxy {} was rejected", proxy.url());
        assert!(error.to_string().contains(&words), "{error}");
    }
}

#[tokio::test]
async fn a_proxy_that_is_not_there_is_named_without_its_password() {
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    for url in ["http://api.invalid", "https://api.invalid"] {
        let error = failure(eager(url).proxy(format!("http://me:hunter2@{address}"))).await;
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Refused, 3), "{error:?}");
        let words = format!("the proxy http://{address} refused the connection");
        assert!(error.to_string().contains(&words), "{error}");
        let error =
            failure(eager(url).proxy("http://me:hunter2@proxy.invalid:1").retry(RetryPolicy::off())).await;
        assert_eq!(error.kind(), ErrorKind::Dns, "{error:?}");
        let words = "the host name of the proxy http://proxy.invalid:1 does not resolve";
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[tokio::test]
async fn a_proxy_that_wants_a_password_is_not_asked_again() {
    for url in ["http://api.invalid", "https://api.invalid"] {
        let proxy = RawServer::start([Reply::ok("407 Proxy Authentication Required", "", "no")]).await;
        let error = failure(eager(url).proxy(with_password(&proxy))).await;
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Proxy, 1), "{error:?}");
        let words = format!("the proxy {} refuses to pass the request on to api.invalid: ", proxy.url());
        assert!(error.to_string().contains(&words), "{error}");
        assert!(!error.is_retryable());
        assert_eq!(proxy.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_tunnel_that_is_refused_is_asked_for_again() {
    for reply in [
        Reply::ok("503 Service Unavailable", "", ""),
        Reply::ok("403 Forbidden", "", ""),
        Reply::Close(Vec::new()),
    ] {
        let proxy = RawServer::start([reply]).await;
        let error = failure(eager("https://api.invalid").proxy(proxy.url())).await;
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Proxy, 3), "{error:?}");
        let words = format!("the proxy {} refuses to pass the request on to api.invalid: ", proxy.url());
        assert!(error.to_string().contains(&words), "{error}");
        assert_eq!(proxy.requests().len(), 3);
    }
}

#[tokio::test]
async fn no_proxy_goes_to_the_server() {
    let (server, proxy) = (Server::plain().await, RawServer::start([Reply::Hang]).await);
    let transport = eager(server.url()).proxy(proxy.url()).no_proxy().build().unwrap();
    assert_eq!(transport.call(&GET).send::<u32>().await.unwrap(), 7);
    assert_eq!((server.connections(), proxy.connections()), (1, 0));
}

/// What the child below tells of one call.
async fn tell(what: &str, builder: Builder) {
    let builder = builder.retry(RetryPolicy::off());
    let told = match builder.build() {
        Err(error) => format!("{:?}", error.invalid_setting().map(|setting| setting.field.clone())),
        Ok(transport) => match transport.call(&GET).send::<u32>().await {
            Ok(number) => number.to_string(),
            Err(error) => format!("{:?}", error.kind()),
        },
    };
    println!("\ntold {what}: {told}");
}

/// Runs alone in a process of its own, whose environment the test after it sets; elsewhere it has nothing to do.
#[tokio::test]
async fn as_a_child() {
    let Ok(server) = std::env::var("PYNECTOR_TEST_SERVER") else { return };
    tell("far", HttpTransport::builder("http://api.invalid")).await;
    tell("loopback", HttpTransport::builder(&server)).await;
    tell("off", HttpTransport::builder("http://api.invalid").proxy_from_env(false)).await;
    tell("none", HttpTransport::builder("http://api.invalid").no_proxy()).await;
}

/// What a child tells whose environment has these variables and no other that names a proxy.
async fn child(server: &Server, variables: &[(&str, String)]) -> Vec<String> {
    let mut command = tokio::process::Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "proxies::as_a_child", "--nocapture"]);
    for name in ["ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "REQUEST_METHOD"] {
        command.env_remove(name).env_remove(name.to_lowercase());
    }
    command.env("PYNECTOR_TEST_SERVER", server.url());
    command.envs(variables.iter().map(|(name, value)| (name, value)));
    let output = command.output().await.unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    text.lines().filter_map(|line| line.strip_prefix("told ")).map(str::to_owned).collect()
}

#[tokio::test]
async fn the_environment_names_a_proxy_that_loopback_goes_around() {
    let server = Server::plain().await;
    let proxy = RawServer::start([Reply::ok("200 OK", "", "8")]).await;
    let told = child(&server, &[("HTTP_PROXY", with_password(&proxy))]).await;
    assert_eq!(told, ["far: 8", "loopback: 7", "off: Dns", "none: Dns"]);
    assert_eq!((proxy.requests().len(), server.asked().len()), (1, 1));
    let told = child(&server, &[]).await;
    assert_eq!(told, ["far: Dns", "loopback: 7", "off: Dns", "none: Dns"]);
    let told = child(&server, &[("all_proxy", "socks5://p".to_owned())]).await;
    let refused = "Some(\"all_proxy\")";
    let expected =
        [format!("far: {refused}"), format!("loopback: {refused}"), "off: Dns".into(), "none: Dns".into()];
    assert_eq!(told, expected);
    assert_eq!(proxy.requests().len(), 1);
}
