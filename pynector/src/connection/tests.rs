//! The rules of connection options, and how two of them become one.

use std::time::Duration;

use super::{Certificate, ConnectionOptions};
use crate::policy::deadline::Limit;

#[test]
fn cfg_1_what_makes_no_sense_is_refused_by_name() {
    let new = ConnectionOptions::new;
    for (options, field) in [
        (new().http2(false).http2_prior_knowledge(true), "http2_prior_knowledge"),
        (new().tcp_keepalive(Duration::from_millis(999)), "tcp_keepalive"),
        (new().pool_idle_timeout(Duration::ZERO), "pool_idle_timeout"),
    ] {
        let error = options.validate().unwrap_err();
        assert_eq!(error.invalid_setting().unwrap().field, field, "{error}");
    }
    let fine = new()
        .http2(false)
        .http2_prior_knowledge(false)
        .tcp_keepalive(Duration::from_secs(1))
        .pool_idle_timeout(None)
        .pool_max_idle_per_host(0);
    assert!(fine.validate().is_ok());
    let needs_tls = [new().verify_ssl(false), new().add_root_certificate(Certificate::from_der("x"))];
    assert!(needs_tls.iter().all(|options| options.validate().is_ok() == cfg!(feature = "rustls")));
    let needs_http2 = [new().http2(true), new().http2_prior_knowledge(true)];
    assert!(needs_http2.iter().all(|options| options.validate().is_ok() == cfg!(feature = "http2")));
}

#[test]
fn the_nearer_options_win_field_by_field() {
    let (one, two) = (Certificate::from_pem("one"), Certificate::from_pem("two"));
    let new = ConnectionOptions::new;
    let weak =
        new().verify_ssl(false).proxy("http://p:1").tcp_keepalive(None).add_root_certificate(one.clone());
    let strong =
        new().verify_ssl(true).no_proxy().pool_max_idle_per_host(3).add_root_certificate(two.clone());
    let both = strong.clone().over(weak.clone());
    let expected = strong.tcp_keepalive(None);
    assert_eq!(both, ConnectionOptions { root_certificates: vec![one, two], ..expected });
    assert_eq!(new().over(weak.clone()), weak);
    assert_eq!(weak.clone().over(new()), weak);
    assert_eq!(both.tcp_keepalive, Limit::Off);
    assert!(new().is_unsaid() && !new().verify_ssl(true).is_unsaid());
}
