// errors: 6, at: "x y", ids, "/users/{id}/{name}", u32, Vec, list

use pynector::Result;
use serde::Serialize;

#[derive(Serialize)]
struct New {
    name: String,
}

#[pynector::api]
trait Users {
    #[get("/users")]
    async fn header(&self, #[header("x y")] x: u8) -> Result<String>;

    #[get("/users/{id}/{name}")]
    async fn both(&self, ids: u64) -> Result<String>;

    #[get("/users/count")]
    async fn count(&self) -> u32;

    #[get("/users/{id}")]
    async fn one(&self, id: Vec<u8>) -> Result<String>;

    #[get("/users")]
    async fn list() -> Result<Vec<String>>;

    #[post("/users")]
    async fn create(&self, #[json] user: &New) -> Result<String>;
}

#[allow(dead_code)]
async fn all(users: UsersClient) -> Result<Vec<String>> {
    let mut all = users.list().await?;
    all.push(users.header(1).await?);
    all.push(users.both(1).await?);
    all.push(users.count().await.to_string());
    all.push(users.one(vec![1]).await?);
    all.push(users.create(&New { name: String::new() }).await?);
    Ok(all)
}

struct Fake;

impl Users for Fake {
    async fn header(&self, _: u8) -> Result<String> {
        Ok(String::new())
    }
    async fn both(&self, _: u64) -> Result<String> {
        Ok(String::new())
    }
    async fn count(&self) -> u32 {
        0
    }
    async fn one(&self, _: Vec<u8>) -> Result<String> {
        Ok(String::new())
    }
    async fn list(&self) -> Result<Vec<String>> {
        Ok(Vec::new())
    }
    async fn create(&self, user: &New) -> Result<String> {
        Ok(user.name.clone())
    }
}

fn main() {
    drop(Fake.list());
}
