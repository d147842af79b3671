// errors: 3, at: Result, ByteStream, events

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/")]
    #[events]
    async fn list(&self) -> Result<pynector::Pages<u8>>;
}

fn main() {}

mod structs {
    use pynector::Endpoint;

    #[derive(Endpoint)]
    #[get("/", response = pynector::ByteStream)]
    #[events(reconnect)]
    struct Bytes;

    #[derive(Endpoint)]
    #[get("/")]
    #[events]
    struct Nothing;
}
