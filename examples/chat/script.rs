//! A conversation that checks itself: what a person would do at the terminal, and what must come of it.

use std::io::Write;

use crate::api::{CompletionsClient, Role};
use crate::conversation::{Conversation, Failed};
use crate::server::answer;

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Talks to the server of this program and checks each answer.
pub(crate) async fn run(client: CompletionsClient, stranger: CompletionsClient) -> Outcome {
    let mut conversation = Conversation::new(client, "tea-1".to_owned());
    conversation.system("Be brief.".to_owned());
    for question in ["Hello!", "And \u{1f375}?"] {
        say(&mut conversation, question).await?;
    }

    println!("\n> count to 500          (and stopped in the middle of it, as by Ctrl-C)");
    let mut seen = Stopped { left: 40, enough: tokio::sync::Notify::new().into() };
    let enough = std::sync::Arc::clone(&seen.enough);
    let part = conversation.ask("count to 500", &mut seen, async move { enough.notified().await }).await?;
    check(
        part.starts_with("1 2 3 ") && part.len() < 200,
        "an answer that is stopped is kept as far as it came",
    )?;
    check(
        conversation.messages.last().is_some_and(|last| last.role == Role::Assistant),
        "and is part of the history",
    )?;

    say(&mut conversation, "Are you still there?").await?;
    check(
        conversation.messages.len() == 9,
        "four questions, four answers and the system's word are the history",
    )?;

    let mut stranger = Conversation::new(stranger, "tea-1".to_owned());
    println!("\n> Hello?                (with a key that the server does not know)");
    match stranger.ask("Hello?", &mut std::io::stdout(), std::future::pending()).await {
        Err(Failed::Call(error)) => {
            println!("{error}");
            check(error.to_string() == "the server refuses: this key opens nothing", "the server says why")?;
        }
        other => return Err(format!("a wrong key must be refused, but: {other:?}").into()),
    }
    check(stranger.messages.is_empty(), "a question without an answer is forgotten")?;
    println!("\nevery answer was the one that was to come");
    Ok(())
}

async fn say(conversation: &mut Conversation, question: &str) -> Outcome {
    println!("\n> {question}");
    let answered = conversation.ask(question, &mut std::io::stdout(), std::future::pending()).await?;
    println!();
    let before = conversation.messages.split_last().map_or(&[][..], |(_, before)| before);
    check(answered == answer(before), "the words make the answer to the whole conversation")
}

fn check(holds: bool, what: &str) -> Outcome {
    if holds { Ok(()) } else { Err(format!("this does not hold: {what}").into()) }
}

/// Shows what is written, and has enough after so many writes.
struct Stopped {
    left: usize,
    enough: std::sync::Arc<tokio::sync::Notify>,
}

impl Write for Stopped {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 {
            self.enough.notify_one();
        }
        std::io::stdout().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        std::io::stdout().flush()
    }
}
