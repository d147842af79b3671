// errors: 4, at: ratio_, 10.5, -, budget

use pynector::Result;

#[pynector::api(retry(budget(ratio_ = 1)))]
trait Api {
    #[get("/")]
    async fn call(&self) -> Result<()>;
}

fn main() {}

mod second {
    use pynector::Result;

    #[pynector::api(retry(budget(ratio = 10.5)))]
    trait Api {
        #[get("/")]
        async fn call(&self) -> Result<()>;
    }
}

mod third {
    use pynector::Result;

    #[pynector::api(retry(budget(min_per_second = -1)))]
    trait Api {
        #[get("/")]
        async fn call(&self) -> Result<()>;
    }
}

mod fourth {
    use pynector::Result;

    #[pynector::api(retry(budget()))]
    trait Api {
        #[get("/")]
        async fn call(&self) -> Result<()>;
    }
}
