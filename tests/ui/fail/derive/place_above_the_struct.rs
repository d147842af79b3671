// errors: 1, at: json

use pynector::Endpoint;

#[derive(Endpoint)]
#[post("/{id}")]
#[json]
struct Call {
    id: u64,
}

fn main() {
    drop(Call { id: 7 }.to_request("http://localhost"));
}
