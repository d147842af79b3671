//! Whom a client trusts: a real TLS server whose certificate only it vouches for.

use pynector::{
    CallOptions, Certificate, ErrorKind, HttpConfig, HttpTransport, Operation, RetryPolicy, Timeouts,
};
use pynector_tests::raw::{RawServer, Reply};
use pynector_tests::served::{Identity, Server};
use serde_json::json;

use crate::{GET, MS};

/// Retried whatever happens, so that one connection shows that nobody tried again.
const PUT: Operation = Operation::put("T::put", "/p");

const HERE: [&str; 1] = ["127.0.0.1"];

type Builder = pynector::ClientBuilder<HttpTransport>;

fn eager(url: impl AsRef<str>) -> Builder {
    HttpTransport::builder(url).retry(RetryPolicy::new().initial_backoff(MS).max_retries(2))
}

/// The line of the error of a server with this certificate, which was asked once and told nothing.
async fn rejected(identity: &Identity, build: impl FnOnce(Builder) -> Builder) -> String {
    let server = Server::tls(identity).await;
    let transport = build(eager(server.url())).build().unwrap();
    let error = transport.call(&PUT).json(&"hunter2").send::<u32>().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Tls, 1), "{error:?}");
    assert!(!error.was_sent() && !error.is_retryable() && error.is_connection());
    assert_eq!((server.connections(), server.asked().len()), (1, 0));
    error.to_string()
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_refused_by_default() {
    let line = rejected(&Identity::of(&HERE), |builder| builder).await;
    let words = "the certificate of 127.0.0.1 was rejected: its issuer is not trusted (unknown issuer); if you trust \
                 it, give its certificate to `add_root_certificate`";
    assert!(line.starts_with("T::put: PUT https://127.0.0.1:") && line.ends_with(words), "{line}");
    rejected(&Identity::of(&HERE), |builder| builder.verify_ssl(true)).await;
}

#[tokio::test]
async fn a_trusted_certificate_must_still_be_for_the_host_and_for_today() {
    let trusted = |identity: &Identity| Certificate::from_pem(&identity.pem);
    for (identity, words) in [
        (
            Identity::of(&["example.com", "10.0.0.1"]),
            "it is not for 127.0.0.1 (name mismatch) but for example.com, 10.0.0.1; the base URL",
        ),
        (Identity::of(&[]), "it is not for 127.0.0.1 (name mismatch) but for no name at all"),
        (Identity::expired(&HERE), "it has expired"),
        (Identity::early(&HERE), "it becomes valid only in"),
    ] {
        let line = rejected(&identity, |builder| builder.add_root_certificate(trusted(&identity))).await;
        assert!(line.contains(words), "{line}");
    }
    let other = Identity::of(&HERE);
    let line = rejected(&Identity::of(&HERE), |builder| builder.add_root_certificate(trusted(&other))).await;
    assert!(line.contains("was rejected"), "another certificate of the same name: {line}");
}

#[tokio::test]
async fn a_root_certificate_makes_a_server_trusted() {
    let (identity, stranger) = (Identity::of(&HERE), Identity::of(&HERE));
    let bundle = format!("# two\n{}\n{}", stranger.pem, identity.pem);
    let config = HttpConfig::default();
    let mut file: HttpConfig =
        serde_json::from_value(json!({ "root_certificates": [identity.pem] })).unwrap();
    file.max_redirects = Some(3);
    for (certificates, config) in [
        (vec![Certificate::from_pem(&identity.pem)], &config),
        (vec![Certificate::from_der(&identity.der)], &config),
        (vec![Certificate::from_pem(&bundle)], &config),
        (vec![Certificate::from_pem(&stranger.pem), Certificate::from_der(&identity.der)], &config),
        (vec![], &file),
    ] {
        let server = Server::tls(&identity).await;
        let builder = eager(server.url()).config(config);
        let builder = certificates.into_iter().fold(builder, Builder::add_root_certificate);
        assert_eq!(builder.build().unwrap().call(&PUT).json(&1).send::<u32>().await.unwrap(), 7);
        assert_eq!((server.connections(), server.asked().len()), (1, 1));
    }
}

#[tokio::test]
async fn verify_ssl_off_accepts_every_certificate() {
    for identity in [Identity::of(&HERE), Identity::of(&["example.com"]), Identity::expired(&HERE)] {
        let server = Server::tls(&identity).await;
        let transport = eager(server.url()).verify_ssl(false).build().unwrap();
        assert_eq!(transport.call(&PUT).json(&1).send::<u32>().await.unwrap(), 7);
    }
}

#[tokio::test]
async fn what_is_no_certificate_is_refused_when_the_client_is_built() {
    let pem = Identity::of(&HERE).pem;
    for (certificate, part) in [
        (Certificate::from_pem(""), "text without a certificate"),
        (Certificate::from_pem("hello"), "text without a certificate"),
        (Certificate::from_pem(pem.replace("END", "BEND")), "not PEM"),
        (Certificate::from_pem(pem.replacen('M', "A", 9)), "unreadable"),
        (Certificate::from_der(&pem), "unreadable"),
        (Certificate::from_der(""), "unreadable"),
    ] {
        let error =
            HttpTransport::builder("https://h").add_root_certificate(certificate).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert_eq!(error.invalid_setting().unwrap().field, "root_certificates");
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[tokio::test]
async fn a_handshake_that_breaks_off_is_tried_again() {
    // The first bytes of a handshake end in CR LF CR LF only by a very rare chance, so the server would wait for ever;
    // it is closed under the client instead.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let accepting = tokio::spawn(async move {
        let mut connections = 0;
        for reset in [false, true, false] {
            let (mut stream, _) = listener.accept().await.unwrap();
            connections += 1;
            tokio::io::AsyncReadExt::read_u8(&mut stream).await.unwrap();
            if reset {
                stream.set_zero_linger().unwrap();
            }
        }
        connections
    });
    let error = eager(url).build().unwrap().call(&PUT).json(&1).send::<u32>().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 3), "{error:?}");
    assert!(!error.was_sent() && error.is_retryable());
    assert!(error.to_string().contains("no connection to 127.0.0.1: "), "{error}");
    assert_eq!(accepting.await.unwrap(), 3);
}

#[tokio::test]
async fn a_peer_without_tls_is_not_blamed_for_its_certificate() {
    let server = RawServer::start([Reply::Hang]).await;
    let plain = Server::plain().await;
    let url = plain.url().replace("http:", "https:");
    let error = eager(url).build().unwrap().call(&GET).send::<u32>().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), server.connections()), (ErrorKind::Tls, 1, 0), "{error:?}");
    assert!(error.to_string().contains("the TLS handshake with 127.0.0.1 failed"), "{error}");
}

/// Runs alone in a process of its own, which trusts the certificates of one file; elsewhere it has nothing to do.
#[tokio::test]
async fn as_a_child() {
    let Ok(server) = std::env::var("PYNECTOR_TEST_TLS_SERVER") else { return };
    let transport = eager(server).build().unwrap();
    std::fs::remove_file(std::env::var("SSL_CERT_FILE").unwrap()).unwrap();
    for timeouts in [Timeouts::new(), Timeouts::new().connect(500 * MS)] {
        let transport = transport.with_options(CallOptions::new().timeouts(timeouts));
        println!("\ntold {:?}", transport.call(&PUT).json(&1).send::<u32>().await);
    }
}

/// Reading them takes milliseconds and 100 KiB, so no call does it, whichever clock bounds its connecting.
#[tokio::test]
async fn the_certificates_of_the_system_are_read_once_when_the_client_is_built() {
    let identity = Identity::of(&HERE);
    let server = Server::tls(&identity).await;
    let trusted = std::env::temp_dir().join(format!("pynector-trusted-{}.pem", std::process::id()));
    std::fs::write(&trusted, &identity.pem).unwrap();
    let mut child = tokio::process::Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "tls::as_a_child", "--nocapture"]).env_remove("SSL_CERT_DIR");
    child.env("SSL_CERT_FILE", &trusted).env("PYNECTOR_TEST_TLS_SERVER", server.url());
    let output = child.output().await.unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let told: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("told ")).collect();
    assert_eq!(told, ["Ok(7)", "Ok(7)"], "{text}");
    assert!(!trusted.exists());
}
