// errors: 3, at: idempotent, none_on, any_status

use pynector::Result;

#[pynector::api(idempotent)]
trait Api {
    #[get("/")]
    async fn fine(&self) -> Result<()>;
}

fn main() {}

mod second {
    use pynector::Result;

    #[pynector::api(none_on(404), any_status)]
    trait Api {
        #[get("/")]
        async fn get(&self) -> Result<()>;
    }
}
