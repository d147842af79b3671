// errors: 1, at: params

use pynector::Params;

#[derive(Params)]
#[params]
struct Shared {
    #[query]
    page: u32,
}

fn main() {
    drop(Shared { page: 1 });
}
