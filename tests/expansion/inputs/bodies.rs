/// Every kind of body, its fields in mixed order with the other places.
#[pynector::api]
pub trait Bodies {
    /// One value, alone.
    #[post("/form")]
    async fn form(&self, #[form] login: &[(&str, &str)]) -> Result<()>;

    /// Fields in the order written; a name wins over a key.
    #[post("/token/{realm}")]
    async fn fields(
        &self,
        #[form("grant-type")] grant: &str,
        #[query] debug: bool,
        #[form] r#type: Option<u8>,
        realm: &str,
    ) -> Result<()>;

    /// As it is.
    #[put("/raw")]
    async fn raw(&self, #[header("content-type")] media: &str, #[body] text: String) -> Result<()>;

    /// A form that was put together elsewhere.
    #[post("/files")]
    async fn whole(&self, #[multipart] form: ::pynector::Multipart) -> Result<()>;

    /// Part by part.
    #[post("/files/{id}")]
    async fn parts<T: ::pynector::PartValue + Send>(
        &self,
        #[part] title: &str,
        id: u64,
        #[part("file")] files: &[::pynector::Part],
        #[part] extra: Option<T>,
    ) -> Result<()>;

    /// One object.
    #[patch("/users/{id}")]
    async fn object<T: Serialize + ?Sized + Sync>(
        &self,
        #[json_field("displayName")] name: Option<&str>,
        id: u64,
        #[json_field] r#box: &T,
    ) -> Result<()>;
}
