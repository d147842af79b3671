// errors: 2, at: tenant, path_param

use pynector::Result;

#[pynector::api(prefix = "/v2/{tenant}")]
trait Api {
    #[get("/{id}")]
    async fn by_name(&self, tenant: &str, id: u64) -> Result<()>;

    #[get("/")]
    async fn by_attribute(&self, #[path_param("tenant")] other: &str) -> Result<()>;

    #[get("/")]
    async fn elsewhere(&self, #[query] tenant: &str) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://h", "a").unwrap();
    drop((client.by_name("a", 1), client.by_attribute("b"), client.elsewhere("c")));
}
