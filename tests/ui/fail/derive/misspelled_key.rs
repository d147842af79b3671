// errors: 1, at: reponse

use pynector::Endpoint;

#[derive(Endpoint)]
#[get("/{id}", reponse = Vec<String>)]
struct Call {
    id: u64,
}

fn main() {
    drop(Call { id: 7 }.to_request("http://localhost"));
}
