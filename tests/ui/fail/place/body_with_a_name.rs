// errors: 2, at: "id", "file"

use pynector::Result;

#[pynector::api]
trait Api {
    #[post("/")]
    async fn get(&self, #[json("id")] id: u8) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.get(1));
}

mod second {
    use pynector::{Multipart, Result};

    #[pynector::api]
    trait Api {
        #[post("/")]
        async fn send(&self, #[multipart("file")] form: Multipart) -> Result<()>;
    }

    pub fn main() {
        let client = ApiClient::at("http://localhost").unwrap();
        drop(client.send(Multipart::new()));
    }
}
