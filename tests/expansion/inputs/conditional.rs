/// Methods, parameters and attributes that are there under conditions.
#[pynector::api]
#[doc(hidden)]
pub trait Conditional {
    /// A type that is there under a condition, like the method that needs it.
    #[cfg(unix)]
    type Mode: Serialize = u32;
    /// One parameter under a condition: two versions, of which one is compiled.
    #[get("/{id}")]
    async fn one(&self, id: u8, #[cfg(unix)] #[query] mode: u32) -> Result<()>;
    /// Two of them.
    #[cfg(not(target_os = "none"))]
    #[post("/two")]
    #[deprecated(note = "send one")]
    async fn two(
        &self,
        #[cfg(unix)]
        #[cfg(not(windows))]
        #[allow(unused)]
        #[query]
        mode: u32,
        #[header("x-drive")]
        #[cfg(windows)]
        drive: &str,
        #[json] body: &str,
    ) -> Result<()>;
    /// What stands in a `cfg_attr` goes where it would go without.
    #[cfg_attr(unix, cfg(not(windows)), allow(non_snake_case), deprecated)]
    #[get("/attr")]
    async fn attr(&self, #[cfg_attr(unix, allow(unused))] #[query] camelCase: u8) -> Result<()>;
}
