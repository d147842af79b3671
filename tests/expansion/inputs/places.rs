/// Every place a parameter can go to, in mixed order.
#[pynector::api]
pub trait Places {
    /// All of them.
    #[put("/{tenant}/{kind}-{id}.json?fixed={{1}}")]
    async fn all(
        &self,
        #[json] body: &[u8],
        #[query] page: Option<u32>,
        #[header("X-Trace")] trace: Option<&str>,
        #[path_param] id: u64,
        #[bearer] token: &str,
        #[query("per_page")] size: u8,
        #[path_param("kind")] r#type: &str,
        tenant: &str,
    ) -> Result<()>;

    /// A place that stands twice is bound once.
    #[get("/{user}/of/{user}")]
    async fn twice(&self, user: &str) -> Result<()>;

    /// Credentials of the other kind.
    #[get("/")]
    async fn basic(&self, #[basic] credentials: (&str, Option<&str>)) -> Result<()>;
}
