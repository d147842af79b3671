//! A path prefix that the methods of a trait share, filled by the client.

use pynector::backend::{ScriptBackend, Step};
use pynector::{ErrorKind, HttpTransport, Operation, Result};

use crate::built;

#[pynector::api(base_url = "http://h/api", prefix = "/v{version}/{tenant}")]
trait Tenants {
    #[get("/users/{id}")]
    async fn user(&self, id: &str) -> Result<()>;

    #[get("?all=1")]
    async fn all(&self, #[query] tenant: &str) -> Result<()>;

    #[post("copy/{tenant}")]
    async fn copy(&self) -> Result<()>;
}

#[pynector::api(prefix = "/fixed")]
trait Fixed {
    #[get("/{id}")]
    async fn one(&self, id: u8) -> Result<()>;
}

fn steps() -> impl Iterator<Item = Step> {
    (0..9).map(|_| Step::status(200))
}

fn paths(script: &ScriptBackend) -> Vec<String> {
    script.requests().iter().map(|request| request.uri.to_string()).collect()
}

#[tokio::test(start_paused = true)]
async fn its_values_stand_in_every_path() {
    let (tenants, script) = built(TenantsClient::builder(2, "a/b"), steps());
    tenants.user("x").await.unwrap();
    tenants.all("other").await.unwrap();
    tenants.copy().await.unwrap();
    let expected = [
        "http://h/api/v2/a%2Fb/users/x",
        "http://h/api/v2/a%2Fb?all=1&tenant=other",
        "http://h/api/v2/a%2Fb/copy/a%2Fb",
    ];
    assert_eq!(paths(&script), expected);
    assert_eq!(TenantsClient::OPERATIONS[0].template(), "/v{version}/{tenant}/users/{id}");
}

#[tokio::test(start_paused = true)]
async fn a_changed_clone_leaves_the_first_one_as_it_was() {
    let (tenants, script) = built(TenantsClient::builder(2, "a"), steps());
    let other = tenants.with_tenant("b").with_version(3);
    other.user("x").await.unwrap();
    tenants.user("x").await.unwrap();
    assert_eq!(paths(&script), ["http://h/api/v3/b/users/x", "http://h/api/v2/a/users/x"]);
}

#[tokio::test(start_paused = true)]
async fn several_traits_stand_over_one_transport() {
    let (transport, script) = built(HttpTransport::builder("http://h"), steps());
    let tenants = TenantsClient::from_transport(transport.clone(), 1, "a").unwrap();
    let fixed = FixedClient::from_transport(tenants.transport().clone()).unwrap();
    tenants.user("x").await.unwrap();
    fixed.one(7).await.unwrap();
    assert_eq!(paths(&script), ["http://h/v1/a/users/x", "http://h/fixed/7"]);
    let error = transport.for_client::<TenantsClient>().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.to_string().contains("`version` was not given"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_call_may_bind_a_name_that_the_client_has_too() {
    const OTHER: Operation = Operation::get("Other::one", "/{tenant}/{id}/{version}");
    let (tenants, script) = built(TenantsClient::builder(2, "a"), steps());
    tenants.transport().call(&OTHER).path("tenant", "own").path("id", 1).send::<()>().await.unwrap();
    assert_eq!(paths(&script), ["http://h/api/own/1/2"]);
}

#[test]
fn constructors_refuse_values_that_do_not_fit() {
    for (tenant, expected) in [("", "`tenant` is empty"), ("..", "must not be `..`")] {
        let transport = HttpTransport::builder("http://h").build().unwrap();
        for refused in [
            TenantsClient::new(1, tenant),
            TenantsClient::at("http://h", 1, tenant),
            TenantsClient::builder(1, tenant).build(),
            TenantsClient::from_transport(transport, 1, tenant),
        ] {
            let error = refused.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config);
            assert!(error.to_string().contains(expected), "{error}");
            let setting = error.invalid_setting().unwrap();
            assert_eq!(setting.field, "prefix");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_changed_value_that_does_not_fit_is_the_error_of_the_calls() {
    let (tenants, script) = built(TenantsClient::builder(2, "a"), steps());
    for (tenant, expected) in [("", "`tenant` is empty"), (".", "must not be `.`")] {
        let error = tenants.with_tenant(tenant).user("x").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request);
        assert!(error.to_string().contains(expected), "{error}");
    }
    assert_eq!(script.requests().len(), 0);
}

#[test]
fn debug_shows_no_values() {
    let client = TenantsClient::new(1, "confidential").unwrap();
    assert!(!format!("{client:?}").contains("confidential"));
    assert!(!format!("{:?}", TenantsClient::builder(1, "confidential")).contains("confidential"));
}
