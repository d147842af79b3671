//! Bytes written and read by hand on tokio, without an HTTP library: as little as it can take.

use std::hint::black_box;
use std::io::Write as _;

use common::load::{Draft, OWNER, PAGE, PER_PAGE, REPO};
use common::repository::Repository;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::contestants::{Contestant, ONE_CONNECTION, Result, connected, text};
use crate::workload::Workload;

pub(crate) struct Raw {
    stream: TcpStream,
    authority: String,
    draft: Draft,
    request: Vec<u8>,
    answer: Vec<u8>,
}

impl Contestant for Raw {
    const NAME: &'static str = "raw tokio";
    const WORKLOADS: &'static [Workload] = ONE_CONNECTION;

    async fn start(base: &str, _: Workload) -> Result<Self> {
        Self::at(base.trim_start_matches("http://")).await
    }

    async fn another(&self) -> Result<Self> {
        Self::at(&self.authority).await
    }

    async fn get(&mut self) -> Result<u64> {
        self.build_get()?;
        self.exchange().await
    }

    async fn post(&mut self) -> Result<u64> {
        self.build_post()?;
        self.exchange().await
    }

    async fn download(&mut self) -> Result<u64> {
        self.request.clear();
        write!(self.request, "GET /download HTTP/1.1\r\nhost: {}\r\n\r\n", self.authority).map_err(text)?;
        let (head, length) = self.head().await?;
        let mut came = self.answer.len() - head;
        self.answer.resize(512 << 10, 0);
        while came < length {
            came += match self.stream.read(&mut self.answer).await.map_err(text)? {
                0 => return Err("it ended early".to_owned()),
                read => read,
            };
        }
        Ok(came as u64)
    }

    fn build_get(&mut self) -> Result<()> {
        let Self { request, authority, .. } = self;
        request.clear();
        write!(
            request,
            "GET /repos/{OWNER}/{REPO}/issues?page={PAGE}&per_page={PER_PAGE} HTTP/1.1\r\nhost: {authority}\r\n\
             accept: application/json\r\nx-client: bench\r\nx-version: 2026-01-01\r\nuser-agent: bench/1\r\n\r\n"
        )
        .map_err(text)?;
        black_box(request);
        Ok(())
    }

    fn build_post(&mut self) -> Result<()> {
        let body = serde_json::to_vec(&self.draft).map_err(text)?;
        let Self { request, authority, .. } = self;
        request.clear();
        let length = body.len();
        write!(
            request,
            "POST /repos/{OWNER}/{REPO}/issues HTTP/1.1\r\nhost: {authority}\r\naccept: application/json\r\n\
             x-client: bench\r\nx-version: 2026-01-01\r\nuser-agent: bench/1\r\n\
             content-type: application/json\r\ncontent-length: {length}\r\n\r\n"
        )
        .map_err(text)?;
        request.extend_from_slice(&body);
        black_box(request);
        Ok(())
    }
}

impl Raw {
    async fn at(authority: &str) -> Result<Self> {
        let stream = connected(authority).await?;
        let (authority, draft) = (authority.to_owned(), Draft::default());
        Ok(Self { stream, authority, draft, request: Vec::new(), answer: Vec::with_capacity(8 << 10) })
    }

    async fn exchange(&mut self) -> Result<u64> {
        let (head, length) = self.head().await?;
        while self.answer.len() < head + length {
            self.more().await?;
        }
        let body = &self.answer[head..head + length];
        Ok(serde_json::from_slice::<Repository>(body).map_err(text)?.weight())
    }

    /// Sends the request and reads the head: where it ends, and how long the body is.
    async fn head(&mut self) -> Result<(usize, usize)> {
        self.stream.write_all(&self.request).await.map_err(text)?;
        self.answer.clear();
        loop {
            self.more().await?;
            let Some(end) = self.answer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
            let head = std::str::from_utf8(&self.answer[..end]).map_err(text)?;
            if !head.starts_with("HTTP/1.1 200 ") {
                return Err(head.to_owned());
            }
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            return Ok((end + 4, length.ok_or("no length")?.parse().map_err(text)?));
        }
    }

    async fn more(&mut self) -> Result<()> {
        match self.stream.read_buf(&mut self.answer).await.map_err(text)? {
            0 => Err("the connection ended".to_owned()),
            _ => Ok(()),
        }
    }
}
