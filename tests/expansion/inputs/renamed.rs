/// Found elsewhere, and private.
#[pynector::api(crate = crate::alias::http, client = Elsewhere)]
pub(crate) trait Renamed {
    #[get("/", timeout = "1s", retry(status_codes(500)), breaker = off)]
    async fn call(&self, #[header("x")] call: &str, #[query] self_: u8, #[query] transport: u8) -> Result<()>;
}
