// errors: 1, at: "/{user}/{id}"

use pynector::Endpoint;

#[derive(Endpoint)]
#[get("/{user}/{id}")]
struct Call {
    id: u64,
}

fn main() {
    drop(Call { id: 7 }.to_request("http://localhost"));
}
