// errors: 4, at: user, "soon", query, json

use pynector::Endpoint;

#[derive(Endpoint)]
#[get("/{usr}", timeout = "soon")]
struct Call<'a> {
    user: &'a str,
    #[query]
    page: u32,
    #[query("page")]
    number: u32,
    #[json]
    body: u8,
}

fn main() {
    drop(Call { user: "", page: 1, number: 2, body: 3 }.to_request("http://localhost"));
}
