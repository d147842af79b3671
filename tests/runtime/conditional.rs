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

    #[get("/last")]
    async fn last(&self) -> Result<()>;
}

#[tokio::test(start_paused = true)]
async fn the_version_that_holds_is_compiled() {
    let steps = [Step::status(200), Step::status(200)];
    let (client, script) = built(ConditionalClient::builder().base_url("http://h"), steps);
    // A name that is not there hides no key of the map.
    client.call(1, 2, &BTreeMap::from([("nowhere", 3), ("here", 4)])).await.unwrap();
    assert_eq!(script.requests()[0].uri, "http://h/1?here=2&nowhere=3");
    // Nor does what is not there have a place in the list, where a method finds its operation.
    client.last().await.unwrap();
    assert_eq!(script.requests()[1].uri, "http://h/last");
    assert_eq!(ConditionalClient::OPERATIONS.len(), 2);
}
