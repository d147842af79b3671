// errors: 1, at: query

use pynector::{Endpoint, Params};

#[derive(Endpoint)]
#[get("/")]
struct Call(#[params] Page);

#[derive(Params)]
struct Page(#[query] u64);

fn main() {
    drop(Call(Page(7)).to_request("http://localhost"));
}
