// errors: 2, at: url

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/items")]
    async fn send(&self, #[url] link: &str) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.send("a"));
}

mod second {
    use pynector::Result;

    #[pynector::api]
    trait Api {
        #[http("PURGE", "/items")]
        async fn send(&self, #[url] link: &str) -> Result<()>;
    }

    pub fn main() {
        let client = ApiClient::at("http://localhost").unwrap();
        drop(client.send("a"));
    }
}
