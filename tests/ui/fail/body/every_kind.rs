// errors: 4, at: form, part, json

use pynector::Result;

#[pynector::api]
trait Api {
    #[post("/")]
    async fn send(&self, #[body] raw: &str, #[form] one: u8, #[part] two: u8, #[json] three: u8) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.send("a", 1, 2, 3));
}

mod second {
    use pynector::Result;

    #[pynector::api]
    trait Api {
        #[post("/")]
        async fn send(&self, #[json] one: u8, #[form] other: u8) -> Result<()>;
    }

    pub fn main() {
        let client = ApiClient::at("http://localhost").unwrap();
        drop(client.send(1, 2));
    }
}
