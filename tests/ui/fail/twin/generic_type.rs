// errors: 1, at: T

use pynector::Result;

#[pynector::api(dyn)]
trait Api {
    #[get("/")]
    async fn get<T: serde::de::DeserializeOwned + Send>(&self) -> Result<T>;
}

fn main() {}
