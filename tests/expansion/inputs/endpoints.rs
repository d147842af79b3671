/// Every place, the keys, and text that a struct borrows.
#[derive(Clone, Copy, Debug, Endpoint)]
#[post(
    "/v1/{tenant}/orders/{type}",
    response = Option<Vec<String>>,
    error = Failure,
    idempotent,
    headers("x-a" = "b"),
    timeout = "5s"
)]
pub struct Place<'a, T: Serialize + ?Sized> {
    /// In the path.
    pub r#type: u8,
    /// In the path too.
    pub tenant: &'a str,
    /// In the query.
    #[query]
    pub dry_run: Option<bool>,
    /// In several places.
    #[params]
    pub page: Page<'a>,
    /// Under another name.
    #[query("größe")]
    pub size: u64,
    /// In a header.
    #[header("x-trace")]
    pub trace: &'a str,
    /// Never shown.
    #[bearer]
    pub token: &'a pynector::Secret,
    /// In the body.
    #[json]
    pub order: &'a T,
}

/// A tuple struct.
#[derive(Debug, Endpoint)]
#[http("QUERY", "/{id}", response = std::collections::BTreeMap<String, u8>)]
#[allow(clippy::zero_sized_map_values)]
pub struct Tuple<const N: usize>(#[path_param("id")] pub u64, #[query("n")] pub [u8; N])
where
    [u8; N]: Serialize;

/// A unit struct, which is deprecated.
#[deprecated]
#[derive(Debug, Endpoint)]
#[delete("/", crate = crate::alias::http, retry = off)]
pub struct Unit;

/// What is not there is none.
#[derive(Debug, Endpoint)]
#[get("/{id}", response = Option<String>, none_on(404, 410))]
pub struct Find {
    /// In the path.
    pub id: u64,
}

/// Every status is a success.
#[derive(Debug, Endpoint)]
#[head("/", response = pynector::Response<()>, any_status)]
pub struct Probe;

/// Parameters that requests share.
#[derive(Clone, Copy, Debug, Params)]
pub struct Page<'a> {
    /// From 1.
    #[query]
    pub page: u32,
    /// Whose.
    #[header("x-tenant")]
    pub tenant: &'a str,
    /// At most.
    #[query("per_page")]
    pub size: Option<u32>,
    /// And more.
    #[params]
    pub more: More,
}

/// And some of which those consist.
#[derive(Clone, Copy, Debug, Params)]
#[params(crate = crate::alias::http)]
pub struct More(#[header("x-more")] pub u8);

/// A method with both.
#[pynector::api]
pub trait Paged {
    /// Lists.
    #[get("/list")]
    async fn list(&self, #[query] sort: &str, #[params] page: &Page<'_>) -> Result<()>;
}

/// What goes wrong.
#[derive(Debug)]
pub struct Failure(pub pynector::Error);

impl From<pynector::Error> for Failure {
    fn from(error: pynector::Error) -> Self {
        Self(error)
    }
}
