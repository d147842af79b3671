/// Every form of a path and of a query.
#[pynector::api]
pub trait Urls {
    /// A segment that may be absent, one for the rest, and text that is encoded already.
    #[get("/{tenant?}/{bucket}/{*key}")]
    async fn object(&self, tenant: Option<&str>, #[path_param(encoded)] bucket: &str, key: &str) -> Result<()>;

    /// Absent, and encoded already.
    #[get("/files/{path?}")]
    async fn file(&self, #[path_param("path", encoded)] at: Option<String>) -> Result<()>;

    /// Lists and structs in every style.
    #[get("/search")]
    async fn styles(
        &self,
        #[query(style = csv)] ids: &[u64],
        #[query("w", style = space)] words: &[&str],
        #[query(style = pipe)] names: &[&str],
        #[query(style = brackets)] tags: &[&str],
        #[query(style = deep_object)] filter: &Filter,
        #[query(style = dots)] sort: &Filter,
    ) -> Result<()>;

    /// What is encoded already.
    #[get("/raw")]
    async fn raw(&self, #[query(encoded)] cursor: &str, #[query("c", style = csv, encoded)] codes: &[&str])
        -> Result<()>;
}

/// What is searched for.
#[derive(Debug, Serialize)]
pub struct Filter {
    state: &'static str,
}
