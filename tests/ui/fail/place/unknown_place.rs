// errors: 3, at: querry, mutlipart, call_option

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/")]
    async fn get(&self, #[querry] id: u8) -> Result<()>;
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
        async fn send(&self, #[mutlipart] form: Multipart) -> Result<()>;
    }

    pub fn main() {
        let client = ApiClient::at("http://localhost").unwrap();
        drop(client.send(Multipart::new()));
    }
}

mod third {
    use pynector::{CallOptions, Result};

    #[pynector::api]
    trait Api {
        #[get("/")]
        async fn send(&self, #[call_option] options: CallOptions) -> Result<()>;
    }

    pub fn main() {
        let client = ApiClient::at("http://localhost").unwrap();
        drop(client.send(CallOptions::new()));
    }
}
