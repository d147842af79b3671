// errors: 2, at: json_field, json

use pynector::Result;

#[pynector::api]
trait Api {
    #[post("/")]
    async fn send(&self, #[json] one: u8, #[json_field] other: u8) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.send(1, 2));
}

mod second {
    use pynector::Result;

    #[pynector::api]
    trait Api {
        #[post("/")]
        async fn send(&self, #[json_field] one: u8, #[json] other: u8) -> Result<()>;
    }

    pub fn main() {
        let client = ApiClient::at("http://localhost").unwrap();
        drop(client.send(1, 2));
    }
}
