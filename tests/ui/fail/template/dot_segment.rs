// errors: 2, at: "/a/../b", "/%2E%2e/b"

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/a/../b")]
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
        #[get("/%2E%2e/b")]
        async fn get(&self, #[query] id: u8) -> Result<()>;
    }

    pub fn main() {
        let client = ApiClient::at("http://localhost").unwrap();
        drop(client.get(1));
    }
}
