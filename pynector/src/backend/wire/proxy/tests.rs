//! Which request goes through which proxy, by what the program and the environment say.

use http::Uri;

use super::Proxies;
use crate::connection::ConnectionOptions;
use crate::error::{Error, ErrorKind};

fn resolve(options: &ConnectionOptions, environment: &[(&str, &str)]) -> Result<Option<Proxies>, Error> {
    Proxies::resolve(options, &|name| {
        let found = environment.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    })
}

/// The proxy for `url` where the program says nothing.
fn by_environment(environment: &[(&str, &str)], url: &'static str) -> Option<String> {
    resolve(&ConnectionOptions::new(), environment).unwrap()?.name(&Uri::from_static(url))
}

const P: (&str, &str) = ("HTTP_PROXY", "http://p:1");

#[test]
fn each_variable_counts_for_its_scheme() {
    for (environment, http, https) in [
        (&[][..], None, None),
        (&[P], Some("http://p:1"), None),
        (&[("http_proxy", "http://p:1")], Some("http://p:1"), None),
        (&[("HTTPS_PROXY", "https://s")], None, Some("https://s")),
        (&[("https_proxy", "http://u:pw@s:2/")], None, Some("http://s:2")),
        (&[("ALL_PROXY", "a:3")], Some("http://a:3"), Some("http://a:3")),
        (&[P, ("all_proxy", "http://[::1]:3")], Some("http://p:1"), Some("http://[::1]:3")),
        (&[("HTTP_PROXY", ""), ("http_proxy", "http://p:1")], None, None),
        (&[P, ("REQUEST_METHOD", "GET")], None, None),
    ] {
        assert_eq!(by_environment(environment, "http://example.com/x").as_deref(), http, "{environment:?}");
        assert_eq!(by_environment(environment, "https://example.com/x").as_deref(), https, "{environment:?}");
    }
}

#[test]
fn loopback_and_no_proxy_hosts_are_asked_directly() {
    for direct in [
        "http://localhost:80/",
        "http://api.localhost/",
        "http://127.0.0.1/",
        "http://127.9.9.9:8080/",
        "http://[::1]:8080/",
        "http://inside.example/",
        "http://a.inside.example/",
        "http://10.1.2.3/",
    ] {
        assert_eq!(
            by_environment(&[P, ("NO_PROXY", "inside.example, 10.0.0.0/8")], direct),
            None,
            "{direct}"
        );
    }
    for through in ["http://notinside.example/", "http://127.example/", "http://11.1.2.3/", "http://[::2]/"] {
        let proxy = by_environment(&[P, ("no_proxy", "inside.example,10.0.0.0/8")], through);
        assert_eq!(proxy.as_deref(), Some("http://p:1"), "{through}");
    }
    assert_eq!(by_environment(&[P, ("NO_PROXY", "*")], "http://example.com/"), None);
}

#[test]
fn the_program_wins_over_the_environment() {
    let uri = Uri::from_static("http://127.0.0.1/");
    let named = ConnectionOptions::new().proxy("http://mine:9");
    let proxies = resolve(&named, &[P, ("NO_PROXY", "*")]).unwrap().unwrap();
    assert_eq!(proxies.name(&uri).as_deref(), Some("http://mine:9"), "loopback too: somebody asked for it");
    let both = [named.clone().proxy_from_env(false), named.clone().proxy_from_env(true)];
    assert!(both.iter().all(|options| resolve(options, &[P]).unwrap().is_some()));
    for off in [ConnectionOptions::new().proxy_from_env(false), named.clone().no_proxy()] {
        assert!(resolve(&off, &[P, ("HTTPS_PROXY", "garbage://")]).unwrap().is_none(), "{off:?}");
    }
    assert!(
        resolve(&named.clone().no_proxy().proxy("http://mine:9"), &[]).unwrap().is_some(),
        "the last wins"
    );
}

#[test]
fn a_url_that_is_no_proxy_is_refused_and_never_quoted() {
    for bad in [
        "",
        "hunter2",
        "socks5://u:hunter2@p:1",
        "ftp://p:1",
        "http://",
        "http://u:hunter2@p:99999",
        "http://u:hunter2#@p:1",
        "http://u:hunter2/@p:1",
        "http://p:1/hunter2",
        "http://p:1?hunter2",
        "http://p:1#hunter2",
        "http://u:hunter2@",
    ] {
        let error = resolve(&ConnectionOptions::new().proxy(bad), &[]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{bad}");
        assert_eq!(error.invalid_setting().unwrap().field, "proxy");
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    }
    for (name, bad) in [("HTTPS_PROXY", "socks5://u:hunter2@p"), ("all_proxy", "u:hunter2#@p")] {
        let error = resolve(&ConnectionOptions::new(), &[(name, bad)]).unwrap_err();
        assert_eq!(error.invalid_setting().unwrap().field, name);
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    }
}

#[test]
fn nothing_shows_a_password() {
    for url in ["http://u:hunter2@p:1", "http://u:hunter2@x@p:1", "hunter2", "http://u:hunter2#@p"] {
        let options = ConnectionOptions::new().proxy(url);
        assert!(!format!("{options:?}").contains("hunter2"), "{options:?}");
        if let Ok(proxies) = resolve(&options, &[]) {
            assert!(!format!("{proxies:?}").contains("hunter2"), "{proxies:?}");
        }
    }
}
