// errors: 1, at: lines

use pynector::Endpoint;

#[derive(Endpoint)]
#[get("/items/{page}")]
struct Items {
    #[lines]
    page: u32,
}

fn main() {}
