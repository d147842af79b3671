// errors: 1, at: basic

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/")]
    async fn get(&self, #[bearer] id: u8, #[basic] user: (&str, Option<&str>)) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.get(1, ("u", None)));
}
