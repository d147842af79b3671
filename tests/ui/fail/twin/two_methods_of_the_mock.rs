// errors: 1, at: x_calls

use pynector::Result;

#[pynector::api(mock)]
trait Api {
    #[get("/")]
    async fn expect_x(&self) -> Result<()>;

    #[get("/")]
    async fn x_calls(&self) -> Result<()>;
}

fn main() {}
