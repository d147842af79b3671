//! TLS of this backend: by the roots of the system and those that a program adds.

use std::sync::Arc;

use http::Uri;
use hyper::rt;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::Connection;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use tower_service::Service;

use super::connect::{Link, call};
use crate::backend::wire::tls::{config, provider, roots, verified};
use crate::connection::ConnectionOptions;
use crate::error::{BoxError, Result};

/// What is offered to servers, and to proxies, which speak HTTP/1.1 alone.
#[derive(Clone)]
pub(super) struct Tls {
    servers: Arc<ClientConfig>,
    http1: Arc<ClientConfig>,
}

impl Tls {
    /// # Errors
    ///
    /// Kind `Config` for a root certificate that is none, or without roots of the system.
    pub(super) fn new(options: &ConnectionOptions) -> Result<Self> {
        let servers = if options.verify_ssl == Some(false) {
            roots(options)?;
            let provider = provider();
            config(options, Arc::clone(&provider), Arc::new(Unverified(provider)))
        } else {
            verified(options)
        }?;
        let mut http1 = servers.clone();
        http1.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { servers: Arc::new(servers), http1: Arc::new(http1) })
    }

    /// Connects by `connector`, with TLS where `uri` asks for it.
    pub(super) async fn connect<C>(&self, connector: C, uri: &Uri) -> Result<Link, BoxError>
    where
        C: Service<Uri>,
        C::Response: Connection + rt::Read + rt::Write + Send + Unpin + 'static,
        C::Future: Send + 'static,
        C::Error: Into<BoxError>,
    {
        let stream = call(HttpsConnector::from((connector, Arc::clone(&self.servers))), uri).await?;
        let http2 = stream.connected().is_negotiated_h2();
        Ok(Link { stream: Box::new(stream), http2, proxied: false })
    }

    /// The same in HTTP/1.1.
    pub(super) async fn connect_http1<C>(&self, connector: C, uri: &Uri) -> Result<Link, BoxError>
    where
        C: Service<Uri>,
        C::Response: Connection + rt::Read + rt::Write + Send + Unpin + 'static,
        C::Future: Send + 'static,
        C::Error: Into<BoxError>,
    {
        let stream = call(self.to_proxy(connector), uri).await?;
        Ok(Link { stream: Box::new(stream), http2: false, proxied: false })
    }

    /// What connects to a proxy.
    pub(super) fn to_proxy<C>(&self, connector: C) -> HttpsConnector<C> {
        HttpsConnector::from((connector, Arc::clone(&self.http1)))
    }
}

/// Takes any certificate, as `verify_ssl(false)` asks; that the peer has its key is checked still.
#[derive(Debug)]
struct Unverified(Arc<CryptoProvider>);

impl ServerCertVerifier for Unverified {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
