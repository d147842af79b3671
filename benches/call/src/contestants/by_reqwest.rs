//! reqwest as its users write it.

use std::fmt::Display;
use std::hint::black_box;

use common::load::{ATTEMPTS, Draft, OWNER, PAGE, PER_PAGE, REPO};
use common::repository::{ANSWER, Repository};
use reqwest::{Client, RequestBuilder, Response};

use crate::contestants::{Contestant, Result, TIMEOUT, text};
use crate::workload::Workload;

#[derive(Clone)]
pub(crate) struct Reqwest {
    client: Client,
    base: String,
    draft: Draft,
}

impl Contestant for Reqwest {
    const NAME: &'static str = "reqwest";
    const WORKLOADS: &'static [Workload] = &Workload::ALL;

    async fn start(base: &str, _: Workload) -> Result<Self> {
        Ok(Self { client: client()?, base: base.to_owned(), draft: Draft::default() })
    }

    async fn another(&self) -> Result<Self> {
        Ok(self.clone())
    }

    async fn get(&mut self) -> Result<u64> {
        decoded(self.request().send().await).await
    }

    async fn post(&mut self) -> Result<u64> {
        decoded(self.request_of_post().send().await).await
    }

    async fn download(&mut self) -> Result<u64> {
        let response = self.client.get(format!("{}/download", self.base)).send().await;
        counted(response.map_err(text)?).await
    }

    async fn guarded(&mut self) -> Result<u64> {
        let mut left = ATTEMPTS;
        loop {
            left -= 1;
            let response = self.request().send().await;
            if left == 0 || response.as_ref().is_ok_and(|response| !response.status().is_server_error()) {
                return decoded(response).await;
            }
        }
    }

    fn build_get(&mut self) -> Result<()> {
        black_box(self.request().build().map_err(text)?);
        Ok(())
    }

    fn build_post(&mut self) -> Result<()> {
        black_box(self.request_of_post().build().map_err(text)?);
        Ok(())
    }

    /// What `json()` does with the bytes of the answer.
    fn decode(&mut self) -> Result<u64> {
        let answer = black_box(ANSWER.as_bytes());
        Ok(serde_json::from_slice::<Repository>(answer).map_err(text)?.weight())
    }
}

/// Both requests, by a builder that has the methods of reqwest's.
macro_rules! requests {
    ($builder:ty) => {
        fn request(&self) -> $builder {
            self.client
                .get(format!("{}/repos/{OWNER}/{REPO}/issues", self.base))
                .query(&[("page", PAGE), ("per_page", PER_PAGE)])
                .header("accept", "application/json")
                .header("x-client", "bench")
                .header("x-version", "2026-01-01")
                .header("user-agent", "bench/1")
        }

        fn request_of_post(&self) -> $builder {
            self.client
                .post(format!("{}/repos/{OWNER}/{REPO}/issues", self.base))
                .header("accept", "application/json")
                .header("x-client", "bench")
                .header("x-version", "2026-01-01")
                .header("user-agent", "bench/1")
                .json(&self.draft)
        }
    };
}
pub(crate) use requests;

impl Reqwest {
    requests!(RequestBuilder);
}

pub(crate) fn client() -> Result<Client> {
    Client::builder().timeout(TIMEOUT).build().map_err(text)
}

pub(crate) async fn decoded<E: Display>(response: Result<Response, E>) -> Result<u64> {
    let response = response.map_err(text)?.error_for_status().map_err(text)?;
    Ok(response.json::<Repository>().await.map_err(text)?.weight())
}

pub(crate) async fn counted(mut response: Response) -> Result<u64> {
    let mut came = 0;
    while let Some(piece) = response.chunk().await.map_err(text)? {
        came += piece.len() as u64;
    }
    Ok(came)
}
