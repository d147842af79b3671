// errors: 1, at: struct

#[pynector::api]
pub struct Api {
    id: u8,
}

fn main() {
    drop(Api { id: 1 }.id);
}
