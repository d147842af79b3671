// errors: 2, at: "Vec<String>", 5

use pynector::Endpoint;

#[derive(Endpoint)]
#[get("/{id}", response = "Vec<String>", error = 5)]
struct Call {
    id: u64,
}

fn main() {
    let answer: Option<<Call as Endpoint>::Response> = None;
    drop::<Option<Vec<String>>>(answer);
}
