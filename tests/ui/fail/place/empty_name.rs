// errors: 2, at: ""

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/")]
    async fn get(&self, #[query("")] id: u8) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.get(1));
}

mod second {
    use pynector::Result;

    #[pynector::api]
    trait Api {
        #[post("/")]
        async fn send(&self, #[part("")] file: &[u8]) -> Result<()>;
    }

    pub fn main() {
        let client = ApiClient::at("http://localhost").unwrap();
        drop(client.send(b"a"));
    }
}
