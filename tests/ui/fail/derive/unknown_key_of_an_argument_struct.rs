// errors: 1, at: krate

use pynector::Params;

#[derive(Params)]
#[params(krate = pynector)]
struct Shared {
    #[query]
    page: u32,
}

fn main() {
    drop(Shared { page: 1 });
}
