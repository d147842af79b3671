// errors: 5, at: clone, transport, with_options, with_tenant, to_request

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/")]
    async fn clone(&self) -> Result<()>;
}

fn main() {}

mod second {
    use pynector::Result;

    #[pynector::api]
    trait Api {
        #[get("/")]
        async fn transport(&self) -> Result<()>;
    }
}

mod third {
    use pynector::Result;

    #[pynector::api]
    trait Api {
        #[get("/")]
        async fn with_options(&self) -> Result<()>;
    }
}

mod fourth {
    use pynector::Result;

    #[pynector::api(prefix = "/{tenant}")]
    trait Api {
        #[get("/")]
        async fn with_tenant(&self) -> Result<()>;

        #[get("/")]
        async fn tenant(&self) -> Result<()>;
    }

    pub fn main() {
        let client = ApiClient::at("http://h", "a").unwrap();
        drop(client.with_tenant("b").tenant());
    }
}

mod fifth {
    use pynector::Result;

    #[pynector::api]
    trait Api {
        #[get("/")]
        async fn to_request(&self) -> Result<()>;
    }
}
