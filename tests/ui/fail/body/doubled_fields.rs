// errors: 2, at: form, json_field

use pynector::Result;

#[pynector::api]
trait Api {
    #[post("/")]
    async fn send(&self, #[form] user: &str, #[form("user")] name: &str) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.send("a", "b"));
}

mod second {
    use pynector::Result;

    #[pynector::api]
    trait Api {
        #[post("/")]
        async fn send(&self, #[json_field("id")] one: u8, #[json_field("id")] other: u8) -> Result<()>;
    }

    pub fn main() {
        let client = ApiClient::at("http://localhost").unwrap();
        drop(client.send(1, 2));
    }
}
