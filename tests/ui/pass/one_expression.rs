//! Futures are `Send`, borrow nothing but what they return, and outlive the arguments.

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/{id}")]
    async fn get(&self, id: &str) -> Result<String>;
}

fn spawned(_: impl std::future::Future + Send) {}

fn generic(api: &impl Api) {
    spawned(api.get("1"));
}

fn main() {
    generic(&ApiClient::at("http://localhost").unwrap());
}
