//! Leases: granted, kept alive, revoked with their keys.

use crate::api::{Grant, Int, Kv as _, LeaseId, Put, Refusal, TimeToLive};
use crate::{Outcome, failure, kv, trials};

trials!(a_lease_holds_its_keys_until_it_is_revoked a_lease_that_is_not_there);

async fn a_lease_holds_its_keys_until_it_is_revoked() -> Outcome {
    let kv = kv()?;
    let lease = kv.grant(&Grant { ttl: Int(60) }).await?;
    assert_eq!(lease.ttl, Int(60));
    let id = lease.id;
    kv.put(&Put { lease: id, ..Put::new("lease/key", "held") }).await?;

    let alive = kv.keep_alive(&LeaseId { id }).await?.result;
    assert_eq!((alive.id, alive.ttl), (id, Int(60)));
    let left = kv.time_to_live(&TimeToLive { id, keys: true }).await?;
    assert!((Int(1)..=Int(60)).contains(&left.ttl), "{left:?}");
    assert_eq!(left.keys, ["lease/key".into()]);

    kv.revoke(&LeaseId { id }).await?;
    assert_eq!(kv.value("lease/key").await?, None);
    assert_eq!(kv.time_to_live(&TimeToLive { id, keys: false }).await?.ttl, Int(-1));
    Ok(())
}

async fn a_lease_that_is_not_there() -> Outcome {
    let kv = kv()?;
    let id = Int(7);
    assert_eq!(kv.keep_alive(&LeaseId { id }).await?.result.ttl, Int(0), "an answer without a time to live");
    for refusal in [
        failure(kv.revoke(&LeaseId { id })).await?,
        failure(kv.put(&Put { lease: id, ..Put::new("lease/other", "x") })).await?,
    ] {
        match refusal {
            Refusal::Grpc { code: 5, status: 404, message } => assert!(message.contains("lease not found")),
            other @ (Refusal::Grpc { .. } | Refusal::Call(_)) => return Err(other.into()),
        }
    }
    Ok(())
}
