// errors: 2, at: T, N

use pynector::Result;

#[pynector::api(dyn)]
trait Api {
    #[get("/")]
    async fn get<T: serde::de::DeserializeOwned + Send>(&self) -> Result<T>;
}

fn main() {}

mod second {
    use pynector::Result;

    #[pynector::api(mock)]
    trait Api {
        #[get("/{id}")]
        async fn get<const N: usize>(&self, id: u8) -> Result<()>;
    }
}
