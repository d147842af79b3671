// errors: 1, at: "/reports/{id?}.pdf"

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/reports/{id?}.pdf")]
    async fn call(&self, id: Option<u64>) -> Result<()>;
}

fn main() {}
