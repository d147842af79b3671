// errors: 2, at: Vec, 404

use pynector::Endpoint;

#[derive(Endpoint)]
#[get("/", response = Vec<u8>, none_on(404))]
struct Bytes;

#[derive(Endpoint)]
#[delete("/", none_on(404))]
struct Nothing;

fn main() {}
