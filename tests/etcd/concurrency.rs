//! Many calls at once, over clones of one client.

use futures_util::future::try_join_all;

use crate::api::{Int, Kv as _, KvClient, Put, Range, Refusal};
use crate::transactions::swap;
use crate::{Outcome, kv, trials};

trials!(puts_over_clones_all_arrive counting_by_swaps_loses_nothing);

async fn puts_over_clones_all_arrive() -> Outcome {
    let kv = kv()?;
    let puts = (0..64).map(|n| {
        let kv = kv.clone();
        async move { kv.put(&Put::new(&format!("many/{n:02}"), &n.to_string())).await }
    });
    let answers = try_join_all(puts).await?;
    let mut revisions: Vec<_> = answers.iter().map(|answer| answer.header.revision).collect();
    revisions.sort();
    revisions.dedup();
    assert_eq!(revisions.len(), 64, "each was one write");

    let answer = kv.range(&Range::prefix("many/")).await?;
    let values: Vec<_> = answer.kvs.iter().map(|pair| pair.value.to_string()).collect();
    assert_eq!(values, (0..64).map(|n| n.to_string()).collect::<Vec<_>>());
    assert!(answer.kvs.iter().all(|pair| pair.version == Int(1)), "nothing was sent twice");
    Ok(())
}

/// Adds one to the number that `key` holds, however many others do.
async fn increment(kv: KvClient, key: &str) -> Result<(), Refusal> {
    loop {
        let old = kv.value(key).await?.unwrap_or_default();
        let new = old.parse::<u32>().unwrap_or_default() + 1;
        if kv.txn(&swap(key, &old, &new.to_string())).await?.succeeded {
            return Ok(());
        }
    }
}

async fn counting_by_swaps_loses_nothing() -> Outcome {
    let kv = kv()?;
    kv.put(&Put::new("count/key", "0")).await?;
    try_join_all((0..16).map(|_| increment(kv.clone(), "count/key"))).await?;
    assert_eq!(kv.value("count/key").await?.as_deref(), Some("16"));
    Ok(())
}
