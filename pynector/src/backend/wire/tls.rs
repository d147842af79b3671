//! TLS: whom a client trusts, and why it does not.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::{CertificateError, ClientConfig, RootCertStore};
use rustls_platform_verifier::Verifier;

use crate::connection::{Certificate, ConnectionOptions, Encoding};
use crate::error::{Error, ErrorKind, Result};

/// What is offered to servers, and that they are whom the system or `options` trusts. The certificates of the system are read here,
/// which takes milliseconds and 100 KiB: clients that are made of the same options share one value.
///
/// # Errors
///
/// Kind `Config` if a root certificate is none, or without roots of the system.
pub(in crate::backend) fn verified(options: &ConnectionOptions) -> Result<ClientConfig> {
    let (roots, provider) = (roots(options)?, provider());
    let verifier = verifier(roots, &provider).map_err(|error| cannot_start(&error))?;
    config(options, provider, Arc::new(verifier))
}

/// The same where `verifier` says who is trusted.
///
/// # Errors
///
/// Kind `Config` if `provider` knows no safe version of TLS.
pub(in crate::backend) fn config(
    options: &ConnectionOptions,
    provider: Arc<CryptoProvider>,
    verifier: Arc<dyn ServerCertVerifier>,
) -> Result<ClientConfig> {
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder =
        builder.map_err(|error| cannot_start(&error))?.dangerous().with_custom_certificate_verifier(verifier);
    let mut config = builder.with_no_client_auth();
    if cfg!(feature = "http2") && options.http2 != Some(false) {
        config.alpn_protocols.push(b"h2".to_vec());
    }
    if options.http2_prior_knowledge != Some(true) {
        config.alpn_protocols.push(b"http/1.1".to_vec());
    }
    Ok(config)
}

/// Whoever ciphers, for the whole program: what it has installed, or else what comes along.
pub(in crate::backend) fn provider() -> Arc<CryptoProvider> {
    CryptoProvider::get_default().cloned().unwrap_or_else(|| Arc::new(aws_lc_rs::default_provider()))
}

fn verifier(
    roots: Vec<CertificateDer<'static>>,
    provider: &Arc<CryptoProvider>,
) -> Result<Verifier, rustls::Error> {
    if roots.is_empty() {
        return Verifier::new(Arc::clone(provider));
    }
    #[cfg(target_os = "android")]
    return Err(rustls::Error::General("the system takes no certificates beside its own".to_owned()));
    #[cfg(not(target_os = "android"))]
    Verifier::new_with_extra_roots(roots, Arc::clone(provider))
}

/// In words: whoever keeps the error itself has all of its `Debug` compiled along.
fn cannot_start(error: &rustls::Error) -> Error {
    Error::new(ErrorKind::Config, "the HTTP backend cannot start").with_source(error.to_string())
}

/// All certificates that `options` trusts beside those of the system.
///
/// # Errors
///
/// Kind `Config` if a root certificate is none.
pub(in crate::backend) fn roots(options: &ConnectionOptions) -> Result<Vec<CertificateDer<'static>>> {
    let read = options.root_certificates.iter().map(read);
    Ok(read.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
}

/// The certificates in `certificate`, each of which can be trusted.
fn read(certificate: &Certificate) -> Result<Vec<CertificateDer<'static>>> {
    let refuse = |what: String| {
        let rule =
            "hold X.509 certificates: PEM for `Certificate::from_pem`, binary for `Certificate::from_der`";
        Error::config("root_certificates", what, rule)
    };
    let found = match certificate.encoding {
        Encoding::Der => vec![CertificateDer::from(certificate.bytes.to_vec())],
        Encoding::Pem => CertificateDer::pem_slice_iter(&certificate.bytes)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| refuse(format!("not PEM ({error})")))?,
    };
    if found.is_empty() {
        return Err(refuse("text without a certificate".to_owned()));
    }
    let mut store = RootCertStore::empty();
    for certificate in &found {
        store.add(certificate.clone()).map_err(|error| refuse(format!("unreadable ({error})")))?;
    }
    Ok(found)
}

/// What rustls says of the peer, if it refused one; an `io::Error` hides what it wraps from the chain of causes.
pub(in crate::backend) fn refusal(error: &io::Error) -> Option<&rustls::Error> {
    let inner = error.get_ref()?;
    inner.downcast_ref().or_else(|| refusal(inner.downcast_ref()?))
}

/// Why a certificate was rejected and what helps, if it is that what rustls says.
pub(in crate::backend) fn words(error: &rustls::Error) -> Option<String> {
    let rustls::Error::InvalidCertificate(why) = error else { return None };
    Some(match why {
        CertificateError::UnknownIssuer => {
            "its issuer is not trusted (unknown issuer); if you trust it, give \
                                            its certificate to `add_root_certificate`"
                .to_owned()
        }
        CertificateError::NotValidForName => "it is for another name (name mismatch)".to_owned(),
        CertificateError::NotValidForNameContext { expected, presented } => format!(
            "it is not for {} (name mismatch) but for {}; the base URL must name one of these",
            expected.to_str(),
            if presented.is_empty() { "no name at all".to_owned() } else { bare(presented).join(", ") },
        ),
        CertificateError::Expired => "it has expired".to_owned(),
        CertificateError::ExpiredContext { time, not_after } => format!(
            "it has expired {} ago; whoever runs the server must renew it, unless the clock of this machine is wrong",
            apart(*time, *not_after),
        ),
        CertificateError::NotValidYet => "it is not valid yet".to_owned(),
        CertificateError::NotValidYetContext { time, not_before } => format!(
            "it becomes valid only in {}; see whether the clock of this machine is right",
            apart(*not_before, *time),
        ),
        CertificateError::Revoked => "it was revoked".to_owned(),
        other => other.to_string(),
    })
}

/// `DnsName("h")` and `IpAddress(10.0.0.1)` as `h` and `10.0.0.1`.
fn bare(names: &[String]) -> Vec<&str> {
    let inside = |name: &'_ str| name.split_once('(').map_or(0, |(kind, _)| kind.len() + 1);
    names.iter().map(|name| name.get(inside(name)..).unwrap_or(name).trim_matches(['"', ')'])).collect()
}

/// The time between two, in words as coarse as a certificate's life.
fn apart(later: UnixTime, earlier: UnixTime) -> String {
    let seconds = later.as_secs().saturating_sub(earlier.as_secs());
    match seconds / 86_400 {
        0 => format!("{} min", Duration::from_secs(seconds).as_secs() / 60),
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    }
}
