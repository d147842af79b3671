/// Every place of a parameter among the headers.
#[pynector::api]
pub trait Headers {
    /// Names, maps and cookies, in mixed order.
    #[get("/", headers("cookie" = "theme=dark"))]
    async fn all(
        &self,
        #[headers] extra: &[(&str, &str)],
        #[cookie("sid")] session: Option<&::pynector::Secret>,
        #[header("Date", display)] date: impl Display + Send,
        #[cookie] lang: &str,
        #[header("x-name")] name: ::pynector::RawHeader,
        #[headers] more: &Trace<'_>,
    ) -> Result<()>;
}

/// Headers that go together.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Trace<'a> {
    x_trace: &'a str,
}
