//! Parameters with a `cfg`: what is compiled is the version that the conditions choose.

use std::collections::BTreeMap;

use pynector::Result;
use pynector::backend::Step;

use crate::built;

#[pynector::api]
trait Conditional {
    #[post("/{id}")]
    async fn call(
        &self,
        id: u8,
        #[cfg(test)]
        #[query]
        here: u8,
        #[query]
        #[cfg(not(test))]
        nowhere: Missing,
        #[cfg(test)]
        #[cfg(not(test))]
        #[header("x-never")]
        never: Missing,
        #[query] map: &BTreeMap<&str, u8>,
    ) -> Result<()>;

    #[cfg_attr(test, cfg(not(test)))]
    #[get("/")]
    async fn gone(&self, #[query] missing: Missing) -> Result<()>;
}

#[tokio::test(start_paused = true)]
async fn the_version_that_holds_is_compiled() {
    let (client, script) = built(ConditionalClient::builder().base_url("http://h"), [Step::status(200)]);
    // A name that is not there hides no key of the map.
    client.call(1, 2, &BTreeMap::from([("nowhere", 3), ("here", 4)])).await.unwrap();
    assert_eq!(script.requests()[0].uri, "http://h/1?here=2&nowhere=3");
    assert_eq!(ConditionalClient::OPERATIONS.len(), 1);
}
