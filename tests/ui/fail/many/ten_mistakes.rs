// errors: 10, at: timout, "/users/{usr", path, json, get, fn, "10", idempotent, per_page, clone

use pynector::Result;
use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize)]
struct User {
    name: String,
}

#[derive(Serialize)]
struct NewUser<'a> {
    name: &'a str,
}

/// One mistake in each line that has one.
#[pynector::api(base_url = "https://api.example.com", timout = "10s")]
trait Users {
    #[get("/users/{usr")]
    async fn unclosed(&self, user: &str) -> Result<User>;

    #[get("/users/{id}")]
    async fn path(&self, #[path] id: u64) -> Result<User>;

    #[get("/users")]
    async fn body(&self, #[json] user: &NewUser<'_>) -> Result<User>;

    #[get]
    async fn pathless(&self) -> Result<User>;

    #[get("/users")]
    fn sync(&self) -> Result<Vec<User>>;

    #[get("/users", timeout = "10")]
    async fn unitless(&self) -> Result<Vec<User>>;

    #[put("/users/{id}", idempotent)]
    async fn needless(&self, id: u64, #[json] user: &NewUser<'_>) -> Result<User>;

    #[get("/users")]
    async fn unquoted(&self, #[query(per_page)] size: u8) -> Result<Vec<User>>;

    #[get("/clone")]
    async fn clone(&self) -> Result<User>;

    /// This one is fine.
    #[post("/users")]
    async fn create(&self, #[json] user: &NewUser<'_>) -> Result<User>;
}

#[allow(dead_code)]
async fn all(users: &impl Users) -> Result<Vec<User>> {
    let mut all = users.sync().await?;
    all.extend(users.unitless().await?);
    all.extend(users.unquoted(10).await?);
    all.push(users.unclosed("tokio").await?);
    all.push(users.path(1).await?);
    all.push(users.body(&NewUser { name: "new" }).await?);
    all.push(users.pathless().await?);
    all.push(users.needless(1, &NewUser { name: "new" }).await?);
    all.push(users.clone().await?);
    Ok(all)
}

fn main() {
    let client = UsersClient::new().unwrap();
    drop(client.create(&NewUser { name: "new" }));
    drop(UsersClient::builder().build().map(|client| all(&client).is_send()));
    drop(UsersClient::from_transport(client.transport().to_owned()));
    drop(User { name: String::new() }.name);
    println!("{:?}", UsersClient::OPERATIONS);
}

trait IsSend: Send + Sized {
    fn is_send(self) {}
}

impl<F: Future + Send> IsSend for F {}
