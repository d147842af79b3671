// errors: 3, at: Result, Response, lines

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/")]
    #[lines(skip_bad)]
    async fn text(&self) -> Result<String>;
}

fn main() {}

mod structs {
    use pynector::Endpoint;

    #[derive(Endpoint)]
    #[get("/", response = pynector::Response<String>)]
    #[lines]
    struct Text;

    #[derive(Endpoint)]
    #[get("/")]
    #[lines]
    struct Nothing;
}
