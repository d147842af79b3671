// errors: 1, at: Vec

use pynector::Endpoint;

#[derive(Endpoint)]
#[get("/{ids}")]
struct Call {
    ids: Vec<u64>,
}

fn main() {}
