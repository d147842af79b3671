//! One connection of hyper, without a pool.

use std::hint::black_box;

use bytes::Bytes;
use common::load::Draft;
use http_body_util::Full;
use hyper::Request;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{HOST, HeaderValue};
use hyper_util::rt::TokioIo;

use crate::contestants::hyper_util::{counted, decoded, get, post};
use crate::contestants::{Contestant, ONE_CONNECTION, Result, connected, text};
use crate::workload::Workload;

pub(crate) struct Connection {
    sender: SendRequest<Full<Bytes>>,
    authority: String,
    draft: Draft,
}

impl Contestant for Connection {
    const NAME: &'static str = "hyper connection";
    const WORKLOADS: &'static [Workload] = ONE_CONNECTION;

    async fn start(base: &str, _: Workload) -> Result<Self> {
        Self::at(base.trim_start_matches("http://")).await
    }

    async fn another(&self) -> Result<Self> {
        Self::at(&self.authority).await
    }

    async fn get(&mut self) -> Result<u64> {
        let request = self.to_host(get("")?)?;
        decoded(self.send(request).await?).await
    }

    async fn post(&mut self) -> Result<u64> {
        let request = self.to_host(post("", &self.draft)?)?;
        decoded(self.send(request).await?).await
    }

    async fn download(&mut self) -> Result<u64> {
        let request = Request::get("/download").body(Full::default()).map_err(text)?;
        let request = self.to_host(request)?;
        counted(self.send(request).await?).await
    }

    fn build_get(&mut self) -> Result<()> {
        black_box(self.to_host(get("")?)?);
        Ok(())
    }

    fn build_post(&mut self) -> Result<()> {
        black_box(self.to_host(post("", &self.draft)?)?);
        Ok(())
    }
}

impl Connection {
    async fn at(authority: &str) -> Result<Self> {
        let stream = TokioIo::new(connected(authority).await?);
        let (sender, connection) = handshake(stream).await.map_err(text)?;
        tokio::spawn(connection);
        Ok(Self { sender, authority: authority.to_owned(), draft: Draft::default() })
    }

    fn to_host(&self, mut request: Request<Full<Bytes>>) -> Result<Request<Full<Bytes>>> {
        request.headers_mut().insert(HOST, HeaderValue::from_str(&self.authority).map_err(text)?);
        Ok(request)
    }

    async fn send(
        &mut self,
        request: Request<Full<Bytes>>,
    ) -> Result<hyper::Response<hyper::body::Incoming>> {
        self.sender.ready().await.map_err(text)?;
        self.sender.send_request(request).await.map_err(text)
    }
}
