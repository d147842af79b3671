//! Where the headers of a request come from: each from the nearest level that names it, and the rest from HTTP itself.

use http::{HeaderName, HeaderValue, Method, header};
use http_body::Body as _;

use super::Call;
use crate::error::{Error, ErrorKind, Result};
use crate::operation::{AnyOrigin, Resolved};
use crate::policy::redirect::TRAVELLING;
use crate::request::body::Body;
use crate::request::coding::ContentCoding;
use crate::request::header::{Fields, Headers};
use crate::response::decompress;
use crate::transport::plan::Basis;

/// What we call ourselves unless a header says otherwise.
const USER_AGENT: HeaderValue = HeaderValue::from_static(concat!("pynector/", env!("CARGO_PKG_VERSION")));

impl Call {
    /// Goes down the ladder: parameters, options, operation, client, trait, and what HTTP asks for; of the body too, which is
    /// `media`.
    pub(super) fn take_headers(
        &mut self,
        settings: &Resolved,
        accept: &'static str,
        body: &Body,
        media: Option<&'static str>,
    ) -> Result<Fields> {
        let mut headers = std::mem::take(&mut self.headers);
        if let Some(rare) = &self.rare {
            headers.fall_back_to(&rare.mapped);
        }
        let (plan, options) = (&self.plan, self.options());
        let completed = |headers: Headers| {
            let mut fields = finished(headers, settings, accept)?;
            describe(&mut fields, &plan.method, body, media.map(HeaderValue::from_static))?;
            Ok(fields)
        };
        if options.is_none() && !self.is_elsewhere() {
            let addressed = self.transport.capture().is_none();
            let weaker = || {
                let mut fields = completed(plan.headers.clone())?;
                if addressed {
                    fields.address(self.transport.base().host()?);
                }
                Ok(fields)
            };
            let basis = Basis { accept, media, bodiless: body.is_end_stream(), addressed };
            return plan.fields(basis, weaker)?.below(headers);
        }
        let own = headers.len();
        if let Some(options) = options {
            headers.fall_back_to(&options.0.headers);
        }
        headers.fall_back_to(&plan.headers);
        if self.is_elsewhere() {
            withhold(&mut headers, own, settings);
        }
        completed(headers)
    }
}

/// Leaves out what another origin must not get: all but the call's `own` headers was given for the base URL and may be
/// credentials, so of it only what a redirect would carry goes along.
pub(crate) fn withhold(headers: &mut Headers, own: usize, settings: &Resolved) {
    if settings.any_origin != AnyOrigin::WithHeaders {
        headers.retain_behind(own, |name| TRAVELLING.contains(name));
    }
}

/// What all levels say, and what HTTP asks for that none has said.
///
/// # Errors
///
/// Kind `Request` if there are too many headers, or one of them may not be repeated.
pub(crate) fn finished(headers: Headers, settings: &Resolved, accept: &'static str) -> Result<Fields> {
    let mut fields = headers.finish()?;
    fields.or(header::ACCEPT, HeaderValue::from_static(accept))?;
    fields.or(header::USER_AGENT, USER_AGENT)?;
    if let Some(codings) = decompress::ACCEPTED.filter(|_| settings.decompress) {
        fields.or(header::ACCEPT_ENCODING, HeaderValue::from_static(codings))?;
    }
    Ok(fields)
}

/// Adds what tells of the body and no level has said.
///
/// # Errors
///
/// Kind `Request` if there are too many headers.
pub(crate) fn describe(
    fields: &mut Fields,
    method: &Method,
    body: &Body,
    media: Option<HeaderValue>,
) -> Result<()> {
    if let Some(media) = media {
        fields.or(header::CONTENT_TYPE, media)?;
    }
    // A body of no bytes counts too: the transport would leave its length out.
    if body.is_end_stream() && [Method::POST, Method::PUT, Method::PATCH].contains(method) {
        fields.or(header::CONTENT_LENGTH, HeaderValue::from_static("0"))?;
    }
    Ok(())
}

/// Compresses the body as the settings say, and adds the header of one that is.
///
/// # Errors
///
/// Kind `Request` where a header says otherwise than the body.
#[inline]
pub(crate) fn compress(fields: &mut Fields, body: &mut Body, settings: &Resolved) -> Result<()> {
    const CODING: HeaderName = header::CONTENT_ENCODING;
    let coded = body.content_coding().is_some();
    if !coded && (settings.compress.coding() == ContentCoding::Identity || fields.contains(&CODING)) {
        return Ok(());
    }
    *body = settings.compress.apply(std::mem::take(body))?;
    if let Some(coding) = body.content_coding() {
        if fields.contains(&CODING) {
            let why = "the body is compressed and says so itself; leave the header `content-encoding` out";
            return Err(Error::new(ErrorKind::Request, why));
        }
        fields.set(CODING, HeaderValue::from_static(coding.as_str()))?;
    }
    Ok(())
}
