//! aws-smithy-runtime: the operations that its code generators make, by hand; with policies they have its standard retries and timeouts.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_http_client::Builder;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime::client::retries::classifiers::HttpStatusCodeClassifier;
use aws_smithy_runtime::client::retries::{RetryPartition, TokenBucket};
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::runtime_plugin::StaticRuntimePlugin;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::Layer;
use aws_smithy_types::error::display::DisplayErrorContext;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use common::load::{ATTEMPTS, Draft, OWNER, PAGE, PER_PAGE, REPO};
use common::repository::Repository;

use crate::contestants::{Contestant, Result, TIMEOUT};
use crate::workload::Workload;

type Of<T> = Operation<T, Repository, Infallible>;
type Failure = Box<dyn std::error::Error + Send + Sync>;

#[derive(Clone)]
pub(crate) struct Smithy {
    get: Of<()>,
    post: Of<Arc<Draft>>,
    draft: Arc<Draft>,
}

impl Contestant for Smithy {
    const NAME: &'static str = "aws-smithy-runtime";
    const WORKLOADS: &'static [Workload] =
        &[Workload::Get, Workload::Post, Workload::InFlight, Workload::Policies, Workload::ThreeAttempts];

    async fn start(base: &str, workload: Workload) -> Result<Self> {
        let guarded = workload.is_guarded();
        Ok(Self {
            get: operation(base, guarded, |()| {
                request("GET", format!("/repos/{OWNER}/{REPO}/issues?page={PAGE}&per_page={PER_PAGE}"), None)
            }),
            post: operation(base, guarded, |draft: Arc<Draft>| {
                let body = serde_json::to_vec(&*draft)?;
                request("POST", format!("/repos/{OWNER}/{REPO}/issues"), Some(body))
            }),
            draft: Arc::new(Draft::default()),
        })
    }

    async fn another(&self) -> Result<Self> {
        Ok(self.clone())
    }

    async fn get(&mut self) -> Result<u64> {
        let answer = self.get.invoke(()).await;
        Ok(answer.map_err(|error| DisplayErrorContext(error).to_string())?.weight())
    }

    async fn post(&mut self) -> Result<u64> {
        let answer = self.post.invoke(Arc::clone(&self.draft)).await;
        Ok(answer.map_err(|error| DisplayErrorContext(error).to_string())?.weight())
    }

    async fn guarded(&mut self) -> Result<u64> {
        self.get().await
    }
}

fn operation<T: std::fmt::Debug + Send + Sync + 'static>(
    base: &str,
    guarded: bool,
    serialize: impl Fn(T) -> Result<HttpRequest, Failure> + Send + Sync + 'static,
) -> Of<T> {
    let builder = Operation::builder()
        .service_name("bench")
        .operation_name("issues")
        .behavior_version(BehaviorVersion::latest())
        .http_client(Builder::new().build_http())
        .endpoint_url(base)
        .no_auth()
        .sleep_impl(TokioSleep::new())
        .serializer(serialize)
        .deserializer(decoded);
    if !guarded {
        return builder.no_retry().timeout_config(TimeoutConfig::disabled()).build();
    }
    let retry = RetryConfig::standard().with_max_attempts(ATTEMPTS).with_initial_backoff(Duration::ZERO);
    let timeouts = TimeoutConfig::builder().operation_timeout(TIMEOUT).build();
    // Each call fails twice, for which its budget of tokens is not meant.
    let partition = RetryPartition::custom("bench").token_bucket(TokenBucket::unlimited()).build();
    let mut layer = Layer::new("partition");
    layer.store_put(partition);
    builder
        .standard_retry(&retry)
        .retry_classifier(HttpStatusCodeClassifier::default())
        .timeout_config(timeouts)
        .runtime_plugin(StaticRuntimePlugin::new().with_config(layer.freeze()))
        .build()
}

fn request(method: &str, uri: String, body: Option<Vec<u8>>) -> Result<HttpRequest, Failure> {
    let has_body = body.is_some();
    let mut request = HttpRequest::new(body.map_or_else(SdkBody::empty, SdkBody::from));
    request.set_method(method)?;
    request.set_uri(uri)?;
    let headers = request.headers_mut();
    headers.insert("accept", "application/json");
    headers.insert("x-client", "bench");
    headers.insert("x-version", "2026-01-01");
    headers.insert("user-agent", "bench/1");
    if has_body {
        headers.insert("content-type", "application/json");
    }
    Ok(request)
}

fn decoded(response: &HttpResponse) -> Result<Repository, OrchestratorError<Infallible>> {
    if !response.status().is_success() {
        return Err(OrchestratorError::other(format!("{}", response.status())));
    }
    let body = response.body().bytes().ok_or_else(|| OrchestratorError::other("no body"))?;
    serde_json::from_slice(body).map_err(OrchestratorError::other)
}
