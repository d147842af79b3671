// errors: 4, at: max_in_flight, 0, "0s"

use pynector::Result;

#[pynector::api(max_in_flight(queue = 8))]
trait Api {
    #[get("/")]
    async fn call(&self) -> Result<()>;
}

fn main() {}

mod second {
    use pynector::Result;

    #[pynector::api(max_in_flight = 0)]
    trait Api {
        #[get("/")]
        async fn call(&self) -> Result<()>;
    }
}

mod third {
    use pynector::Result;

    #[pynector::api(max_in_flight(limit = 8, wait = "0s"))]
    trait Api {
        #[get("/")]
        async fn call(&self) -> Result<()>;
    }
}

mod fourth {
    use pynector::Result;

    #[pynector::api]
    trait Api {
        #[get("/", max_in_flight = 8)]
        async fn call(&self) -> Result<()>;
    }

    pub fn main() {
        let client = ApiClient::at("http://localhost").unwrap();
        drop(client.call());
    }
}
