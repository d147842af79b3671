//! Traits in functions, in modules of restricted visibility, and out of `macro_rules!`.

use pynector::Result;

#[test]
fn inside_a_function() {
    #[pynector::api(base_url = "http://localhost")]
    trait Local {
        #[get("/{id}")]
        async fn get(&self, id: u8) -> Result<()>;
    }
    drop(LocalClient::new().unwrap().get(1));
}

mod inner {
    pub(super) mod deeper {
        #[pynector::api(base_url = "http://localhost")]
        pub(in crate::places) trait Restricted {
            #[get("/")]
            async fn get(&self) -> pynector::Result<()>;
        }
    }
}

#[test]
fn restricted_to_a_module() {
    use inner::deeper::{Restricted, RestrictedClient};
    drop(RestrictedClient::new().unwrap().get());
}

macro_rules! api {
    ($name:ident) => {
        #[pynector::api(base_url = "http://localhost")]
        trait $name {
            #[post("/{id}", timeout = "1s")]
            async fn post(&self, id: u8, #[json] body: &str) -> Result<()>;
        }
    };
}

api!(Whole);

macro_rules! parts {
    ($name:ident, $path:literal, $argument:ident: $ty:ty, $out:ty) => {
        #[pynector::api(base_url = "http://localhost")]
        trait $name {
            #[get($path)]
            async fn get(&self, $argument: $ty, #[query] fixed: Option<$ty>) -> $out;
        }
    };
}

parts!(Parts, "/{id}", id: &str, Result<Vec<u8>>);

#[test]
fn out_of_macro_rules() {
    drop(WholeClient::new().unwrap().post(1, "body"));
    drop(PartsClient::new().unwrap().get("id", None));
}
