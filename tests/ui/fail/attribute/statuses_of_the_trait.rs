// errors: 2, at: none_on, any_status

use pynector::Result;

#[pynector::api(none_on(404), any_status)]
trait Api {
    #[get("/")]
    async fn get(&self) -> Result<()>;
}

fn main() {}
