// errors: 1, at: Answer

use pynector::Endpoint;

struct Answer;

#[derive(Endpoint)]
#[get("/", response = Answer)]
struct Call;

fn main() {}
