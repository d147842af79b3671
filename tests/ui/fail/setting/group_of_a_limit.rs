// errors: 2, at: "search"

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/found", rate_limit(permits = 1, per = "1s", group = "search"))]
    async fn found(&self) -> Result<()>;

    #[get("/related", rate_limit(permits = 2, per = "1s", group = "search"))]
    async fn related(&self) -> Result<()>;

    #[get("/near", max_in_flight(limit = 1, group = "search"))]
    async fn near(&self) -> Result<()>;

    #[get("/far", max_in_flight(limit = 2, group = "search"))]
    async fn far(&self) -> Result<()>;
}

fn main() {}
