// errors: 1, at: Call

use pynector::Endpoint;

#[derive(Endpoint)]
struct Call {
    id: u64,
}

fn main() {
    drop(Call { id: 7 }.to_request("http://localhost"));
}
