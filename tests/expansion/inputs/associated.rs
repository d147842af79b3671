/// Types and constants that belong to the trait.
#[pynector::api]
pub trait Associated<T: Serialize + Sync> {
    /// What the service keeps, which the client must be told.
    type Item: Debug + DeserializeOwned + Send = String;
    /// Of the trait's own parameter.
    #[cfg(not(windows))]
    type Sent = Vec<T>;
    /// With a lifetime of its own.
    type Page<'a>: Serialize + Sync
        = &'a [T]
    where
        T: 'a;
    /// Has its value in the trait.
    const GET: &'static str = "get";

    /// Named in an answer, and in what is sent.
    #[get("/")]
    async fn get(&self, #[query] page: Self::Page<'_>) -> Result<Vec<Self::Item>>;
}
