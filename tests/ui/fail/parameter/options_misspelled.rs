// errors: 1, at: call_option

use pynector::{CallOptions, Result};

#[pynector::api]
trait Api {
    #[get("/")]
    async fn send(&self, #[call_option] options: CallOptions) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.send(CallOptions::new()));
}
