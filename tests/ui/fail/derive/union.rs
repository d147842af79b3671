// errors: 1, at: union

use pynector::Params;

#[derive(Params)]
union Page {
    #[query]
    page: u32,
    #[query]
    offset: u32,
}

fn main() {
    drop(Page { page: 1 });
}
