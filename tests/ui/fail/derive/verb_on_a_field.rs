// errors: 1, at: get

use pynector::Endpoint;

#[derive(Endpoint)]
#[get("/{id}")]
struct Call {
    #[get("/{id}")]
    id: u64,
}

fn main() {
    drop(Call { id: 7 }.to_request("http://localhost"));
}
