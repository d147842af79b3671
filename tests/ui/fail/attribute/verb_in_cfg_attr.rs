// errors: 2, at: get, post

use pynector::Result;

#[pynector::api]
trait Api {
    #[cfg_attr(unix, get("/here"))]
    #[cfg_attr(not(unix), post("/there"))]
    async fn call(&self, #[query] a: u8) -> Result<()>;
}

fn main() {}
