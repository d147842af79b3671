// errors: 4, at: endpoint, endpoint, query, params

use pynector::{Endpoint, Params};

#[derive(Endpoint)]
#[get("/")]
struct Get {
    #[endpoint(ignore)]
    first: u8,
    #[endpoint]
    second: u8,
    #[endpoint(skip)]
    #[query]
    third: u8,
}

#[derive(Params)]
struct Page {
    #[params(skip = true)]
    first: u8,
}

fn main() {
    let get = Get { first: 1, second: 2, third: 3 };
    drop((get.first, get.second, get.third, Page { first: 4 }.first));
}
