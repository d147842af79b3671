//! A conversation: what was said so far, and the answer that is coming.

use std::io::{self, Write};

use crate::api::{ChatError, Completions as _, CompletionsClient, Message, Question, Role};

pub(crate) struct Conversation {
    client: CompletionsClient,
    model: String,
    pub(crate) messages: Vec<Message>,
}

impl Conversation {
    pub(crate) fn new(client: CompletionsClient, model: String) -> Self {
        Self { client, model, messages: Vec::new() }
    }

    pub(crate) fn system(&mut self, content: String) {
        self.messages.push(Message { role: Role::System, content });
    }

    /// Asks, and shows the answer while it comes, until it ends or `enough` does.
    ///
    /// What came is kept, a part of an answer too; a question without any answer is forgotten.
    pub(crate) async fn ask(
        &mut self,
        question: &str,
        out: &mut impl Write,
        enough: impl Future<Output = ()>,
    ) -> Result<String, Failed> {
        self.messages.push(Message { role: Role::User, content: question.to_owned() });
        let mut answer = String::new();
        let ended = {
            let answering = self.answer(&mut answer, out);
            tokio::select! {
                ended = answering => ended,
                () = enough => Ok(()),
            }
        };
        if answer.is_empty() {
            self.messages.pop();
        } else {
            self.messages.push(Message { role: Role::Assistant, content: answer.clone() });
        }
        ended.map(|()| answer)
    }

    async fn answer(&self, answer: &mut String, out: &mut impl Write) -> Result<(), Failed> {
        let question = Question { model: &self.model, messages: &self.messages, stream: true };
        let mut words = self.client.complete(&question).await?;
        while let Some(event) = words.next().await {
            let chunk = event.map_err(ChatError::Other)?.data;
            if let Some(problem) = chunk.error {
                return Err(Failed::Model(problem.message));
            }
            for word in chunk.choices.into_iter().filter_map(|choice| choice.delta.content) {
                write!(out, "{word}")?;
                out.flush()?;
                answer.push_str(&word);
            }
        }
        Ok(())
    }
}

/// Why there is no answer, or no more of it.
#[derive(Debug)]
pub(crate) enum Failed {
    Call(ChatError),
    Model(String),
    Output(io::Error),
}

impl From<ChatError> for Failed {
    fn from(error: ChatError) -> Self {
        Self::Call(error)
    }
}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Call(error) => error.fmt(f),
            Self::Model(message) => write!(f, "the model gave up: {message}"),
            Self::Output(error) => write!(f, "the answer cannot be shown: {error}"),
        }
    }
}

impl std::error::Error for Failed {}
