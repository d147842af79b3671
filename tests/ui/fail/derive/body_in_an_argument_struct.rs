// errors: 2, at: json, part

use pynector::Params;

#[derive(Params)]
struct Shared {
    #[json]
    id: u64,
    #[part]
    file: Vec<u8>,
}

fn main() {
    drop(Shared { id: 7, file: Vec::new() });
}
