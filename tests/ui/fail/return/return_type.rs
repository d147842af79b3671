// errors: 1, at: u32

#[pynector::api]
trait Api {
    #[get("/")]
    async fn get(&self) -> u32;
}

fn main() {}
