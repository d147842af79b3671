// errors: 1, at: enum

use pynector::Endpoint;

#[derive(Endpoint)]
#[get("/{id}")]
enum Call {
    One,
    Another,
}

fn main() {
    drop([Call::One, Call::Another]);
}
