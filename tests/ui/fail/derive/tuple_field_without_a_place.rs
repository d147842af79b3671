// errors: 1, at: u64

use pynector::Endpoint;

#[derive(Endpoint)]
#[get("/{id}")]
struct Call(u64);

fn main() {
    drop(Call(7).to_request("http://localhost"));
}
