//! Credentials, as a server reads them.

use pynector::http::HeaderValue;
use pynector::{Error, ErrorKind, HttpTransport, Result, Secret};
use serde::Deserialize;

use crate::{Outcome, failure, httpbin, trials};

#[derive(Debug, PartialEq, Deserialize)]
struct User {
    authenticated: bool,
    user: String,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Token {
    authenticated: bool,
    token: String,
}

#[pynector::api]
trait Auth {
    #[get("/basic-auth/{user}/{password}")]
    async fn basic(&self, user: &str, password: &str, #[basic] sent: (&str, Option<&str>)) -> Result<User>;

    #[get("/hidden-basic-auth/{user}/{password}")]
    async fn hidden(&self, user: &str, password: &str, #[basic] sent: (&str, Option<&str>)) -> Result<User>;

    #[get("/bearer")]
    async fn bearer(&self, #[bearer] token: Secret) -> Result<Token>;

    #[get("/bearer")]
    async fn whoever_the_client_is(&self) -> Result<Token>;
}

trials!(
    basic_credentials_are_understood wrong_basic_credentials_are_unauthorized hidden_basic_auth_is_not_found
    a_bearer_token_arrives a_token_of_the_client_arrives no_token_is_unauthorized
);

async fn basic_credentials_are_understood() -> Outcome {
    let auth = AuthClient::at(httpbin()?)?;
    // All of them printable, and each of them special somewhere.
    let (user, password) = ("lovelace", "pass:wörd & 100% \"quoted\"");
    let answer = auth.basic(user, password, (user, Some(password))).await?;
    assert_eq!(answer, User { authenticated: true, user: user.to_owned() });
    Ok(())
}

async fn wrong_basic_credentials_are_unauthorized() -> Outcome {
    let auth = AuthClient::at(httpbin()?)?;
    let error = failure(auth.basic("ada", "right", ("ada", Some("wrong")))).await?;
    assert!(error.is_unauthorized(), "{error:?}");
    let asked = error.headers().and_then(|headers| headers.get("www-authenticate"));
    assert_eq!(asked.map(HeaderValue::as_bytes), Some(&b"Basic realm=\"Fake Realm\""[..]));
    assert_eq!(error.attempts(), 1);
    assert!(!format!("{error} {error:?}").contains("wrong"), "{error:?}");
    Ok(())
}

async fn hidden_basic_auth_is_not_found() -> Outcome {
    let auth = AuthClient::at(httpbin()?)?;
    let answer = auth.hidden("ada", "secret", ("ada", Some("secret"))).await?;
    assert_eq!(answer, User { authenticated: true, user: "ada".to_owned() });
    let error: Error = failure(auth.hidden("ada", "secret", ("ada", None))).await?;
    assert_eq!(error.kind(), ErrorKind::Status(404));
    Ok(())
}

async fn a_bearer_token_arrives() -> Outcome {
    let token = auth_token(AuthClient::at(httpbin()?)?.bearer(Secret::new("abc.def-123~+/==")).await?);
    assert_eq!(token, "abc.def-123~+/==");
    Ok(())
}

async fn a_token_of_the_client_arrives() -> Outcome {
    let transport = HttpTransport::builder(httpbin()?).bearer("of-the-client").build()?;
    let auth = AuthClient::from_transport(transport)?;
    assert_eq!(auth_token(auth.whoever_the_client_is().await?), "of-the-client");
    assert_eq!(auth_token(auth.bearer(Secret::new("of-the-call")).await?), "of-the-call");
    Ok(())
}

async fn no_token_is_unauthorized() -> Outcome {
    let error = failure(AuthClient::at(httpbin()?)?.whoever_the_client_is()).await?;
    assert!(error.is_unauthorized() && error.is_client_error(), "{error:?}");
    Ok(())
}

fn auth_token(token: Token) -> String {
    assert!(token.authenticated);
    token.token
}
