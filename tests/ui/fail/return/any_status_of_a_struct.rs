// errors: 2, at: Option, any_status

use pynector::Endpoint;

#[derive(Endpoint)]
#[get("/", response = Option<String>, any_status)]
struct Text;

#[derive(Endpoint)]
#[head("/", any_status)]
struct Probe;

fn main() {}
