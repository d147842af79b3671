// errors: 2, at: idempotent, any_method

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/", idempotent)]
    async fn get(&self, #[query] id: u8) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.get(1));
}

mod second {
    use pynector::Result;

    #[pynector::api]
    trait Api {
        #[put("/", retry(any_method))]
        async fn get(&self, #[query] id: u8) -> Result<()>;
    }

    pub fn main() {
        let client = ApiClient::at("http://localhost").unwrap();
        drop(client.get(1));
    }
}
