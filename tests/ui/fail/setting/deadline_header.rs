// errors: 3, at: "x-left", "x left", "content-length"

use pynector::Result;

#[pynector::api(timeouts(deadline = none, deadline_header = "x-left"))]
trait Api {
    #[get("/", timeouts(deadline_header = "x left"))]
    async fn spaced(&self) -> Result<()>;

    #[get("/", timeouts(deadline_header = "content-length"))]
    async fn framing(&self) -> Result<()>;
}

fn main() {}
