// errors: 1, at: impl

struct Api;

#[pynector::api]
impl Api {
    #[get("/")]
    fn get(&self, #[query] _id: u8) {}
}

fn main() {
    Api.get(1);
}
