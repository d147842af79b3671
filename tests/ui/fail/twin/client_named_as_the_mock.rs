// errors: 1, at: ApiMock

use pynector::Result;

#[pynector::api(mock, client = ApiMock)]
trait Api {
    #[get("/")]
    async fn get(&self) -> Result<()>;
}

fn main() {}
