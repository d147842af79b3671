// errors: 1, at: put

use pynector::Endpoint;

#[derive(Endpoint)]
#[get("/{id}")]
#[put("/{id}")]
struct Call {
    id: u64,
}

fn main() {
    drop(Call { id: 7 }.to_request("http://localhost"));
}
