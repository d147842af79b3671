//! The session API: plain messages, and messages of the program's own, over one connection to the server.

use pynector::bytes::Bytes;
use pynector::{
    Content, Error, ErrorKind, HttpMessage, HttpTransport, HttpTransportFactory, Message, Overrides, Payload,
    Result, Transport, TransportRegistry,
};
use serde_json::{Value, json};

use crate::api::{Blob, Kv as _, KvClient, RangeAnswer};
use crate::{ETCD, Outcome, failure, trials};

trials!(
    plain_messages_are_sent_and_received messages_of_a_program_come_in_order
    a_refused_message_is_an_error_and_brings_no_response a_transport_by_name_is_one_like_any_other
);

fn text(message: &str) -> Value {
    String::from(Blob::from(message)).into()
}

async fn plain_messages_are_sent_and_received() -> Outcome {
    let transport = HttpTransport::builder(ETCD.url()?).build()?;
    let put = HttpMessage::new().method("POST").url("/v3/kv/put");
    let put = put.json(json!({ "key": text("session/key"), "value": text("held") }));
    let range = HttpMessage::new().method("POST").url("/v3/kv/range");
    let range = range.json(json!({ "key": text("session/key") }));
    let bodies = transport
        .scope(async |transport| {
            transport.send(&put).await?;
            transport.send(&range).await?;
            let mut bodies = Vec::new();
            let mut responses = transport.receive::<HttpMessage>();
            while let Some(response) = responses.next().await {
                let response = response?;
                bodies.push((response.status().map(|status| status.as_u16()), response.body().clone()));
            }
            Ok::<_, Error>(bodies)
        })
        .await?;
    let [(Some(200), Content::Json(put)), (Some(200), Content::Json(range))] = &bodies[..] else {
        return Err(format!("{bodies:?}").into());
    };
    assert!(put["header"]["revision"].is_string());
    assert_eq!(range["kvs"][0]["value"], text("held"));
    assert_eq!(failure(transport.send(&HttpMessage::new())).await?.kind(), ErrorKind::NotConnected);
    Ok(())
}

/// Asks for a key; as it is received, what the key holds.
#[derive(Debug, PartialEq)]
enum Lookup {
    Key(String),
    Found(Option<String>),
}

impl Message for Lookup {
    fn serialize(&self) -> Result<Bytes> {
        match self {
            Self::Key(key) => Ok(json!({ "key": text(key) }).to_string().into()),
            Self::Found(_) => Err(Error::serialize("an answer is not sent")),
        }
    }

    fn deserialize(bytes: &[u8]) -> Result<Self> {
        let answer: RangeAnswer = serde_json::from_slice(bytes).map_err(Error::deserialize)?;
        Ok(Self::Found(answer.kvs.first().map(|pair| pair.value.to_string())))
    }

    fn payload(&self) -> Payload {
        let mut payload = Payload::default();
        payload.url = String::from("/v3/kv/range");
        payload
    }

    fn content_type(&self) -> Option<&str> {
        Some("application/json")
    }
}

async fn messages_of_a_program_come_in_order() -> Outcome {
    let transport = HttpTransport::builder(ETCD.url()?).build()?;
    let kv: KvClient = transport.clone().for_client()?;
    for n in 0..20 {
        kv.put(&crate::api::Put::new(&format!("order/{n}"), &n.to_string())).await?;
    }
    transport.connect().await?;
    let lookups: Vec<_> = (0..21).map(|n| Lookup::Key(format!("order/{n}"))).collect();
    futures_util::future::try_join_all(lookups.iter().map(|lookup| transport.send(lookup))).await?;
    let mut found = Vec::new();
    while let Some(answer) = Transport::<Lookup>::receive(&transport).await {
        found.push(answer?);
    }
    let expected = (0..20).map(|n| Lookup::Found(Some(n.to_string()))).chain([Lookup::Found(None)]);
    assert_eq!(found, expected.collect::<Vec<_>>());
    assert_eq!(
        failure(transport.send(&Lookup::Found(None))).await?.kind(),
        ErrorKind::Serialize,
        "nothing is sent"
    );
    Ok(())
}

async fn a_refused_message_is_an_error_and_brings_no_response() -> Outcome {
    let transport = HttpTransport::builder(ETCD.url()?).build()?;
    transport.connect().await?;
    let bad = HttpMessage::new().method("POST").url("/v3/kv/range").json(json!({ "key": "!!" }));
    let error = failure(transport.send(&bad)).await?;
    assert_eq!(error.kind(), ErrorKind::Status(400));
    assert_eq!(error.decode::<Value>()?["code"], 3);
    assert!(transport.receive::<HttpMessage>().next().await.is_none());
    Ok(())
}

async fn a_transport_by_name_is_one_like_any_other() -> Outcome {
    let factory = HttpTransportFactory::<Lookup>::new(ETCD.url()?).defaults(Overrides::new().max_retries(1));
    let kv: KvClient = factory.create_transport(Overrides::new())?.for_client()?;
    kv.put(&crate::api::Put::new("named/key", "held")).await?;

    let mut registry = TransportRegistry::new();
    registry.register("etcd", factory)?;
    let transport = registry.create("etcd")?;
    transport.connect().await?;
    transport.send(&Lookup::Key("named/key".to_owned())).await?;
    assert_eq!(transport.receive().await.transpose()?, Some(Lookup::Found(Some("held".to_owned()))));
    transport.disconnect().await;
    Ok(())
}
