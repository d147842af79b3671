//! The transport protocol: one piece of code over whatever carries its messages.

use std::collections::VecDeque;
use std::sync::Mutex;

use pynector::backend::Step;
use pynector::{BoxTransport, ErrorKind, HttpMessage, JsonMessage, Message, Result, Transport};

use crate::{builder, built};

/// Answers each message with itself.
#[derive(Default)]
pub(crate) struct Echo<M>(Mutex<VecDeque<M>>);

impl<M: Message + Clone> Transport<M> for Echo<M> {
    async fn connect(&self) -> Result<()> {
        Ok(())
    }

    async fn disconnect(&self) {}

    async fn send(&self, message: &M) -> Result<()> {
        self.0.lock().unwrap().push_back(message.clone());
        Ok(())
    }

    async fn receive(&self) -> Option<Result<M>> {
        self.0.lock().unwrap().pop_front().map(Ok)
    }
}

/// Sends everything, then receives everything.
async fn exchange<M: Message>(transport: &impl Transport<M>, messages: &[M]) -> Result<Vec<M>> {
    transport.connect().await?;
    for message in messages {
        transport.send(message).await?;
    }
    let mut received = Vec::new();
    while let Some(message) = transport.receive().await {
        received.push(message?);
    }
    transport.disconnect().await;
    Ok(received)
}

#[tokio::test(start_paused = true)]
async fn s2_2_code_runs_over_any_transport() {
    let messages = [JsonMessage(1), JsonMessage(2)];
    let (http, script) = built(builder(), [Step::json("10"), Step::json("20")]);
    assert_eq!(exchange(&http, &messages).await.unwrap(), [JsonMessage(10), JsonMessage(20)]);
    assert_eq!(script.requests().len(), 2);
    assert_eq!(exchange(&Echo::default(), &messages).await.unwrap(), messages);

    let (http, _) = built(builder(), [Step::json("10"), Step::json("20")]);
    for any in [BoxTransport::new(http), BoxTransport::new(Echo::default())] {
        // A boxed transport crosses threads like any other.
        let received = tokio::spawn(async move { exchange(&any, &[JsonMessage(1), JsonMessage(2)]).await });
        assert_eq!(received.await.unwrap().unwrap().len(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn s3_1_the_protocol_and_the_methods_mean_the_same() {
    let (http, script) = built(builder(), [Step::status(404)]);
    let boxed: BoxTransport<HttpMessage> = BoxTransport::new(http.clone());
    assert_eq!(boxed.send(&HttpMessage::new()).await.unwrap_err().kind(), ErrorKind::NotConnected);
    boxed.connect().await.unwrap();
    assert!(boxed.send(&HttpMessage::new()).await.unwrap_err().is_not_found());
    assert!(boxed.receive().await.is_none());
    boxed.disconnect().await;
    assert_eq!(boxed.send(&HttpMessage::new()).await.unwrap_err().kind(), ErrorKind::NotConnected);
    assert_eq!(script.requests().len(), 1);
    assert!(!http.is_connected(), "the box has a clone of its own");
}
