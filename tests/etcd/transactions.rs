//! Transactions: compare and swap.

use crate::api::{Compare, Done, Int, Kv as _, Put, Range, Relation, Step, Txn};
use crate::{Outcome, kv, trials};

trials!(a_swap_happens_only_where_the_comparison_holds a_key_is_created_once_and_replaced_only_where_it_is);

/// Writes `new` where `key` holds `old`; else reads it.
pub(crate) fn swap(key: &str, old: &str, new: &str) -> Txn {
    Txn {
        compare: vec![Compare::Value { key: key.into(), result: Relation::Equal, value: old.into() }],
        success: vec![Step::RequestPut(Put::new(key, new))],
        failure: vec![Step::RequestRange(Range::of(key))],
    }
}

async fn a_swap_happens_only_where_the_comparison_holds() -> Outcome {
    let kv = kv()?;
    let before = kv.put(&Put::new("swap/key", "one")).await?;

    let done = kv.txn(&swap("swap/key", "one", "two")).await?;
    let [Done::ResponsePut(put)] = &done.responses[..] else { return Err(format!("{done:?}").into()) };
    assert!(done.succeeded && put.header.revision > before.header.revision);
    assert_eq!(kv.value("swap/key").await?.as_deref(), Some("two"));

    let refused = kv.txn(&swap("swap/key", "one", "three")).await?;
    assert!(!refused.succeeded);
    match &refused.responses[..] {
        [Done::ResponseRange(found)] => assert_eq!(found.kvs[0].value, "two".into()),
        other => return Err(format!("{other:?}").into()),
    }
    assert_eq!(kv.value("swap/key").await?.as_deref(), Some("two"));
    Ok(())
}

async fn a_key_is_created_once_and_replaced_only_where_it_is() -> Outcome {
    let kv = kv()?;
    let put_if = |result, value| Txn {
        compare: vec![Compare::Version { key: "create/key".into(), result, version: Int(0) }],
        success: vec![
            Step::RequestPut(Put::new("create/key", value)),
            Step::RequestPut(Put::new("create/log", value)),
        ],
        failure: vec![],
    };
    for (result, value, succeeds, left) in [
        (Relation::Greater, "replaced", false, None),
        (Relation::Equal, "created", true, Some("created")),
        (Relation::Equal, "again", false, Some("created")),
        (Relation::Greater, "replaced", true, Some("replaced")),
    ] {
        assert_eq!(kv.txn(&put_if(result, value)).await?.succeeded, succeeds, "{value}");
        assert_eq!(kv.value("create/key").await?.as_deref(), left);
        assert_eq!(kv.value("create/log").await?.as_deref(), left, "all of it or nothing");
    }
    Ok(())
}
