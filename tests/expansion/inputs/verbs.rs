/// Every verb.
#[pynector::api]
pub trait Verbs {
    /// `GET`
    #[get("/")]
    async fn get(&self) -> Result<()>;
    /// `POST`
    #[post("/")]
    async fn post(&self) -> Result<()>;
    /// `PUT`
    #[put("/")]
    async fn put(&self) -> Result<()>;
    /// `PATCH`
    #[patch("/")]
    async fn patch(&self) -> Result<()>;
    /// `DELETE`
    #[delete("/")]
    async fn delete(&self) -> Result<()>;
    /// `HEAD`
    #[head("/")]
    async fn head(&self) -> Result<()>;
    /// `OPTIONS`
    #[options("/")]
    async fn options(&self) -> Result<()>;
    /// A method without a verb of its own.
    #[http("QUERY", "/")]
    async fn query(&self, #[json] question: &str) -> Result<String>;
}
