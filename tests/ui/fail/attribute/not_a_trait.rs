// errors: 2, at: struct, impl

#[pynector::api]
pub struct Api {
    id: u8,
}

fn main() {
    drop(Api { id: 1 }.id);
}

mod second {
    struct Api;

    #[pynector::api]
    impl Api {
        #[get("/")]
        fn get(&self, #[query] _id: u8) {}
    }

    pub fn main() {
        Api.get(1);
    }
}
