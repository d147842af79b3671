/// Names that meet generated ones.
#[pynector::api(base_url = "https://h")]
#[allow(non_camel_case_types)]
pub trait r#type {
    /// Collides with a constant of every client.
    #[get("/operations")]
    async fn operations(&self) -> Result<()>;
    /// Collides with the constant of a trait.
    #[get("/api")]
    async fn api(&self) -> Result<()>;
    /// A keyword.
    #[get("/{fn}")]
    async fn r#match(&self, r#fn: u8) -> Result<()>;
    /// Constructors are no methods.
    #[get("/new")]
    async fn new(&self) -> Result<()>;
}
