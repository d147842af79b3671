// errors: 1, at: any_method

use pynector::Result;

#[pynector::api]
trait Api {
    #[put("/", retry(any_method))]
    async fn get(&self, #[query] id: u8) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.get(1));
}
