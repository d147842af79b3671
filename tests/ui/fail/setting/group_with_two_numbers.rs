// errors: 1, at: "search"

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/found", breaker(group = "search", failure_threshold = 3))]
    async fn found(&self) -> Result<()>;

    #[get("/related", breaker(group = "search", failure_threshold = 5))]
    async fn related(&self) -> Result<()>;

    #[get("/fine", breaker(group = "search"))]
    async fn fine(&self) -> Result<()>;
}

fn main() {}
