// errors: 2, at: id

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/users/{idd}")]
    async fn get(&self, id: u8) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.get(1));
}

mod second {
    use pynector::Result;

    #[pynector::api]
    trait Api {
        #[get("/users/{user_id}")]
        async fn get(&self, id: u8) -> Result<()>;
    }

    pub fn main() {
        let client = ApiClient::at("http://localhost").unwrap();
        drop(client.get(1));
    }
}
