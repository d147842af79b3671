/// A trait with its twins.
#[pynector::api(base_url = "http://localhost", dyn, blocking, mock = always)]
pub trait Notes {
    /// One note.
    #[get("/notes/{id}")]
    async fn note(&self, id: u64, #[query] lang: Option<&str>) -> Result<String>;

    /// Out of fashion, and only on Unix.
    #[cfg(unix)]
    #[deprecated(note = "write `note`")]
    #[post("/{owner}")]
    async fn old<'a>(&self, owner: &'a str, #[json] body: &'a [u8]) -> Result<()>;

    /// One name for two methods, of which one is compiled.
    #[cfg(unix)]
    #[get("/path")]
    async fn path(&self) -> Result<String>;

    /// The other one.
    #[cfg(not(unix))]
    #[get("/path")]
    async fn path(&self, #[query] drive: char) -> Result<String>;

    /// Both.
    async fn both(&self, (left, right): (u64, u64)) -> Result<(String, String)> {
        Ok((self.note(left, None).await?, self.note(right, None).await?))
    }

    /// Not async.
    fn limit(&self) -> usize {
        100
    }

    /// Generic, so each twin keeps this body.
    async fn show(&self, id: impl Into<u64> + Send) -> Result<String>
    where
        Self: Sized,
    {
        self.note(id.into(), None).await
    }
}

/// A trait with parameters, and twins of all of them.
#[pynector::api(dyn, blocking, mock = always)]
pub trait Keyed<'t, T: Serialize + Sync + Debug, const N: usize>
where
    T: Send,
{
    /// Of the trait's parameters.
    #[post("/of")]
    async fn of(&self, #[json] value: &'t T, #[query] numbers: [u8; N], #[query] text: &str) -> Result<()>
    where
        [u8; N]: Serialize;

    /// Lends what the value holds.
    async fn first<'b>(&self, values: &'b [String], or: &'b str) -> Result<&'b str>
    where
        Self: Sized,
    {
        Ok(values.first().map_or(or, String::as_str))
    }
}

/// A trait with associated types and a prefix.
#[pynector::api(prefix = "/v1/{tenant}", dyn, blocking, mock = always)]
pub trait Tied {
    /// What is loaded.
    type Item: Debug = String;

    /// One.
    #[get("/{id}")]
    async fn load(&self, id: &str, #[cfg(unix)] #[query] mode: &str) -> Result<Option<Self::Item>>;
}
