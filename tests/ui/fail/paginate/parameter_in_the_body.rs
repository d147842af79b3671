// errors: 1, at: "after"

use pynector::Result;

#[pynector::api]
trait Api {
    #[post("/search")]
    #[paginate(cursor = "next" -> "after")]
    async fn search(&self, #[json_field] query: &str, #[json_field] after: Option<&str>) -> Result<()>;
}

fn main() {}
