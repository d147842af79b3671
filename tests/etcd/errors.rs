//! What etcd refuses, as the errors of the program, and what it says of itself.

use pynector::{ErrorKind, Result};
use serde_json::{Value, json};

use crate::api::{Compaction, Int, Kv as _, Nothing, Put, Range, Refusal};
use crate::{ETCD, Outcome, failure, kv, trials};

trials!(
    a_request_that_makes_no_sense_is_refused_in_its_own_words what_was_compacted_cannot_be_read
    another_method_and_another_path_are_plain_errors an_answer_of_another_shape_is_a_decode_error
    the_server_says_how_it_is
);

/// The code and message of a refusal with this status.
fn grpc(refusal: Refusal, expected: u16) -> Outcome<(u32, String)> {
    match refusal {
        Refusal::Grpc { code, message, status } if status == expected => Ok((code, message)),
        other @ (Refusal::Grpc { .. } | Refusal::Call(_)) => Err(other.into()),
    }
}

async fn a_request_that_makes_no_sense_is_refused_in_its_own_words() -> Outcome {
    let kv = kv()?;
    for (method, body, said) in [
        ("range", json!({ "key": "!!" }), "illegal base64 data at input byte 0"),
        ("put", json!({ "key": "Zm9v", "value": "=" }), "illegal base64 data at input byte 0"),
        ("range", json!({}), "key is not provided"),
        ("put", json!({ "key": 7 }), "cannot unmarshal number"),
    ] {
        let (code, message) = grpc(failure(kv.raw(method, &body)).await?, 400)?;
        assert_eq!(code, 3, "{message}");
        assert!(message.contains(said), "{message}");
    }
    Ok(())
}

async fn what_was_compacted_cannot_be_read() -> Outcome {
    let kv = kv()?;
    let old = kv.put(&Put::new("compact/key", "old")).await?.header.revision;
    let new = kv.put(&Put::new("compact/key", "new")).await?.header.revision;
    let at = |revision| Range { revision, ..Range::of("compact/key") };
    assert_eq!(kv.range(&at(old)).await?.kvs[0].value, "old".into());

    kv.compact(&Compaction { revision: new }).await?;
    for refusal in
        [failure(kv.range(&at(old))).await?, failure(kv.compact(&Compaction { revision: old })).await?]
    {
        let (code, message) = grpc(refusal, 400)?;
        assert!(code == 11 && message.contains("has been compacted"), "{code}: {message}");
    }
    let (code, message) = grpc(failure(kv.range(&at(Int(i64::MAX)))).await?, 400)?;
    assert!(code == 11 && message.contains("future revision"), "{code}: {message}");
    assert_eq!(kv.range(&at(new)).await?.kvs[0].value, "new".into());
    Ok(())
}

#[pynector::api]
trait Wrong {
    #[get("/v3/kv/put")]
    async fn method(&self) -> Result<()>;

    #[post("/v3/nothing")]
    async fn path(&self, #[json] nothing: &Nothing) -> Result<()>;

    #[get("/health")]
    async fn shape(&self) -> Result<Vec<u32>>;
}

async fn another_method_and_another_path_are_plain_errors() -> Outcome {
    let wrong = WrongClient::at(ETCD.url()?)?;
    let error = failure(wrong.method()).await?;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Status(405), 1));
    let error = failure(wrong.path(&Nothing {})).await?;
    assert!(error.is_not_found());
    assert_eq!(error.body().map(AsRef::as_ref), Some(&b"Not Found\n"[..]));
    assert!(error.decode::<Value>().is_err());
    Ok(())
}

async fn an_answer_of_another_shape_is_a_decode_error() -> Outcome {
    let error = failure(WrongClient::at(ETCD.url()?)?.shape()).await?;
    assert_eq!(
        (error.kind(), error.status().map(|status| status.as_u16())),
        (ErrorKind::Deserialize, Some(200))
    );
    assert!(error.to_string().contains("invalid type: map, expected a sequence"), "{error}");
    Ok(())
}

async fn the_server_says_how_it_is() -> Outcome {
    let kv = kv()?;
    let status = kv.status(&Nothing {}).await?;
    assert!(status.version.starts_with("3.") && status.db_size > Int(0), "{status:?}");
    assert!(!status.leader.is_empty());
    assert_eq!(kv.health().await?.health, "true");
    Ok(())
}
