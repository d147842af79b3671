// errors: 4, at: into, try_into, to_owned, clone_into

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/")]
    async fn into(&self) -> Result<()>;

    #[get("/")]
    async fn try_into(&self) -> Result<()>;

    #[get("/")]
    async fn to_owned(&self) -> Result<()>;

    async fn clone_into(&self) -> u8 {
        1
    }
}

fn main() {}
