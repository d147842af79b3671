//! A user's module named `pynector`, a `Result` of their own, and two traits in one module.

mod pynector {
    pub(super) struct HttpTransport;
    pub(super) struct Operation;
}

/// What users like to have.
#[derive(Debug)]
struct Failure(::pynector::Error);

impl From<::pynector::Error> for Failure {
    fn from(error: ::pynector::Error) -> Self {
        Self(error)
    }
}

type Result<T> = std::result::Result<T, Failure>;

#[::pynector::api(base_url = "http://localhost", timeout = "1s", retry(max_retries = 1))]
trait First {
    #[get("/{id}")]
    async fn get(&self, id: u8) -> Result<String>;

    async fn both(&self) -> Result<(String, String)> {
        Ok((self.get(1).await?, self.get(2).await?))
    }
}

#[::pynector::api(base_url = "http://localhost")]
trait Second: First {
    #[get("/{id}")]
    async fn other(&self, id: u8) -> Result<()>;
}

/// A supertrait is implemented by the user.
impl First for SecondClient {
    async fn get(&self, id: u8) -> Result<String> {
        self.other(id).await.map(|()| "other".to_owned())
    }
}

#[test]
fn names_of_the_user_stay_theirs() {
    let _ = (pynector::HttpTransport, pynector::Operation);
    let (first, second) = (FirstClient::new().unwrap(), SecondClient::new().unwrap());
    drop((first.get(1), first.both(), second.other(1), second.both()));
    let kind = |Failure(error)| error.kind();
    assert!(FirstClient::at("nowhere").map_err(Failure).map_err(kind).is_err());
}
