// errors: 1, at: query

#[pynector::api]
trait Api {
    async fn get(&self, #[query] id: u8) -> u8 {
        id
    }
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.get(1));
}
