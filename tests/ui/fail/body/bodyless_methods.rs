// errors: 7, at: json, body, form, part

use pynector::Result;

#[pynector::api]
trait Api {
    #[get("/")]
    async fn get(&self, #[json] id: u8) -> Result<()>;
}

fn main() {
    let client = ApiClient::at("http://localhost").unwrap();
    drop(client.get(1));
}

mod second {
    use pynector::Result;

    #[pynector::api]
    trait Api {
        #[head("/")]
        async fn get(&self, #[json] id: u8) -> Result<()>;
    }

    pub fn main() {
        let client = ApiClient::at("http://localhost").unwrap();
        drop(client.get(1));
    }
}

mod third {
    use pynector::Result;

    #[pynector::api]
    trait Api {
        #[http("TRACE", "/")]
        async fn get(&self, #[json] id: u8) -> Result<()>;
    }

    pub fn main() {
        let client = ApiClient::at("http://localhost").unwrap();
        drop(client.get(1));
    }
}

mod fourth {
    use pynector::Result;

    #[pynector::api]
    trait Api {
        #[http("CONNECT", "/")]
        async fn send(&self, #[body] text: &str) -> Result<()>;
    }

    pub fn main() {
        let client = ApiClient::at("http://localhost").unwrap();
        drop(client.send("a"));
    }
}

mod fifth {
    use pynector::Result;

    #[pynector::api]
    trait Api {
        #[get("/")]
        async fn send(&self, #[form] words: &str) -> Result<()>;
    }

    pub fn main() {
        let client = ApiClient::at("http://localhost").unwrap();
        drop(client.send("a"));
    }
}

mod sixth {
    use pynector::Result;

    #[pynector::api]
    trait Api {
        #[head("/")]
        async fn send(&self, #[part] one: u8, #[part] other: u8) -> Result<()>;
    }

    pub fn main() {
        let client = ApiClient::at("http://localhost").unwrap();
        drop(client.send(1, 2));
    }
}
