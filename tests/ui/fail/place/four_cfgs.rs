// errors: 1, at: cfg

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/")]
    async fn get(
        &self,
        #[cfg(unix)] #[query] a: u8,
        #[cfg(unix)] #[query] b: u8,
        #[cfg(unix)] #[query] c: u8,
        #[cfg(unix)] #[query] d: u8,
    ) -> Result<()>;
}

fn main() {}
