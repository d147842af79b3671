// errors: 2, at: "Content-Length", "connection"

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/")]
    async fn get(&self, #[header("Content-Length")] id: u8) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.get(1));
}

mod second {
    use pynector::Result;

    #[pynector::api(headers("connection" = "close"))]
    trait Api {
        #[get("/")]
        async fn fine(&self) -> Result<()>;
    }
}
