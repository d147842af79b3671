/// Helpers stand beside calls.
#[pynector::api]
pub trait Helpers {
    /// How many pages are read.
    const PAGES: u32 = 3;

    /// One page.
    #[get("/pages/{page}")]
    async fn page(&self, page: u32) -> Result<Vec<String>>;

    /// All pages.
    async fn pages(&self) -> Result<Vec<String>> {
        let mut all = Vec::new();
        for page in 0..Self::PAGES {
            all.extend(self.page(page).await?);
        }
        Ok(all)
    }

    /// Not async, and with a pattern.
    fn sum(&self, (left, right): (u32, u32)) -> u32 {
        left + right
    }
}
