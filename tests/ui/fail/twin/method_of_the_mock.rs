// errors: 2, at: verify, get_calls

use pynector::Result;

#[pynector::api(mock)]
trait Api {
    #[get("/")]
    async fn get(&self) -> Result<()>;

    #[get("/calls")]
    async fn get_calls(&self) -> Result<()>;

    #[post("/verify")]
    async fn verify(&self) -> Result<()>;
}

fn main() {}
