/// A whole URL instead of a path, and options of single calls.
#[pynector::api(prefix = "/v2/{tenant}")]
pub trait Whole {
    /// Neither base path nor prefix stand before it.
    #[get]
    async fn next(&self, #[query] size: u32, #[url] link: &str) -> Result<()>;

    /// With keys.
    #[post(timeout = "5s")]
    async fn upload(&self, #[body] bytes: Vec<u8>, #[url] target: ::pynector::url::Url) -> Result<()>;

    /// Another method.
    #[http("PURGE")]
    async fn purge(&self, #[url] target: &::pynector::http::Uri) -> Result<()>;

    /// The strongest rung, whatever else there is.
    #[put("/{id}")]
    async fn patient(
        &self,
        #[call_options] how: Option<::pynector::CallOptions>,
        id: u64,
        #[json] body: &str,
    ) -> Result<()>;
}
