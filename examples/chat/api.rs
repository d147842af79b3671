//! The API: what is asked, and what comes back piece by piece.

use pynector::{ApiError, Error, Events};
use serde::{Deserialize, Serialize};

/// The part of an OpenAI-compatible API that a chat needs.
#[pynector::api(timeout = "60s")]
pub(crate) trait Completions {
    /// Asks for the next message; its words come as events.
    #[post("/chat/completions")]
    #[events(until = "[DONE]")]
    async fn complete(&self, #[json] question: &Question<'_>) -> Result<Events<Chunk>, ChatError>;
}

/// What is asked.
#[derive(Serialize)]
pub(crate) struct Question<'a> {
    pub(crate) model: &'a str,
    pub(crate) messages: &'a [Message],
    pub(crate) stream: bool,
}

/// One message of a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Message {
    pub(crate) role: Role,
    pub(crate) content: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Role {
    System,
    User,
    Assistant,
}

/// What one event holds: a piece of the answer, or why there is no more of it.
#[derive(Deserialize)]
pub(crate) struct Chunk {
    #[serde(default)]
    pub(crate) choices: Vec<Choice>,
    pub(crate) error: Option<Problem>,
}

#[derive(Deserialize)]
pub(crate) struct Choice {
    pub(crate) delta: Delta,
}

#[derive(Deserialize)]
pub(crate) struct Delta {
    pub(crate) content: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Problem {
    pub(crate) message: String,
}

/// The body of an answer that is no success.
#[derive(Debug, Deserialize)]
pub(crate) struct Failure {
    error: Problem,
}

#[derive(Debug, ApiError)]
pub(crate) enum ChatError {
    /// The server says in its own words what is wrong.
    #[status(4xx, 5xx)]
    Refused(Failure),
    #[other]
    Other(Error),
}

impl std::fmt::Display for ChatError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(failure) => write!(f, "the server refuses: {}", failure.error.message),
            Self::Other(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ChatError {}
