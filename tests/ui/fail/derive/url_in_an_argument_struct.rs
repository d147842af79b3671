// errors: 1, at: url

use pynector::Params;

#[derive(Params)]
struct Shared {
    #[url]
    next: String,
}

fn main() {
    drop(Shared { next: String::new() });
}
