// errors: 2, at: path_param, tenant

use pynector::Params;

#[derive(Params)]
struct Shared {
    #[path_param]
    id: u64,
    tenant: String,
}

fn main() {
    drop(Shared { id: 7, tenant: String::new() });
}
