// errors: 1, at: base_url

use pynector::Endpoint;

#[derive(Endpoint)]
#[get("/{id}", base_url = "http://localhost")]
struct Call {
    id: u64,
}

fn main() {
    drop(Call { id: 7 }.to_request("http://localhost"));
}
