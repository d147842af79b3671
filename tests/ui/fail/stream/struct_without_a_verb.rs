// errors: 1, at: events

use pynector::Endpoint;

#[derive(Endpoint)]
#[events(reconnect)]
struct Items;

fn main() {}
