// errors: 1, at: "MyClient"

use pynector::Result;

#[pynector::api(client = "MyClient")]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {
    drop(MyClient::at("http://localhost").unwrap().fine());
}
