/// A trait with parameters, and methods with theirs.
#[pynector::api]
pub trait Generic<'a, T: Serialize + Sync, const N: usize>: Debug
where
    T: Debug,
{
    /// Generic in its answer.
    #[get("/{key}")]
    async fn load<V>(&self, key: impl Display) -> Result<V>
    where
        V: DeserializeOwned + Send + 'static;

    /// Generic in what it sends.
    #[post("/{key}")]
    async fn store<'b, V: Serialize + ?Sized + Sync>(&'b self, key: &dyn Display, #[json] value: &'b V) -> Result<()>;

    /// Of the trait's parameters.
    #[post("/of")]
    async fn of(&self, #[json] value: &'a T, #[query] numbers: [u8; N]) -> Result<()>
    where
        [u8; N]: Serialize;
}
