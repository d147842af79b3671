// errors: 2, at: qury

use pynector::Endpoint;

#[derive(Endpoint)]
#[get("/")]
struct Call {
    #[qury]
    page: u32,
}

fn main() {
    drop(Call { page: 1 }.to_request("http://localhost"));
}
