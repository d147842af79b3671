/// Attributes find their way.
#[pynector::api]
#[deprecated(note = "the service is gone")]
#[allow(clippy::too_many_arguments)]
pub trait Attributes {
    /// Only on Unix.
    #[cfg(unix)]
    #[get("/here")]
    async fn here(&self) -> Result<()>;

    /// Never there.
    #[get("/there")]
    #[cfg(not(any(unix, windows)))]
    async fn there(&self) -> Result<Missing>;

    /// Out of fashion.
    #[deprecated]
    #[get("/old")]
    #[must_use]
    async fn old(&self) -> Result<()>;

    /// Lints of the user.
    #[expect(non_snake_case)]
    #[get("/lints")]
    async fn lints(&self, #[query] camelCase: u8, #[allow(unused)] #[query] other: u8) -> Result<()>;
}
