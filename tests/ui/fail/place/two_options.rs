// errors: 1, at: call_options

use pynector::{CallOptions, Result};

#[pynector::api]
trait Api {
    #[get("/")]
    async fn send(&self, #[call_options] one: CallOptions, #[call_options] other: CallOptions) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.send(CallOptions::new(), CallOptions::new()));
}
