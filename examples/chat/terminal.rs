//! A conversation with a person: a prompt, an answer as it comes, and a way out of each.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::thread;

use tokio::sync::mpsc;

use crate::conversation::Conversation;

const HELP: &str = "/clear forgets what was said, /history shows it, /quit leaves. Ctrl-C ends an answer, and at the prompt \
                    the program.";

/// How a terminal shows what is who's; nothing of it goes into a file.
struct Colours {
    prompt: &'static str,
    quiet: &'static str,
    plain: &'static str,
}

impl Colours {
    fn new() -> Self {
        if io::stdout().is_terminal() {
            Self { prompt: "\x1b[1;32m", quiet: "\x1b[2m", plain: "\x1b[0m" }
        } else {
            Self { prompt: "", quiet: "", plain: "" }
        }
    }
}

/// Talks until the input ends or the person leaves.
pub(crate) async fn run(mut conversation: Conversation, greeting: &str) -> io::Result<()> {
    let asks = io::stdin().is_terminal();
    let Colours { prompt, quiet, plain } = Colours::new();
    if asks {
        println!("{quiet}{greeting}\n{HELP}{plain}");
    }
    let mut lines = lines();
    let mut out = io::stdout();
    loop {
        if asks {
            write!(out, "\n{prompt}>{plain} ")?;
            out.flush()?;
        }
        let line = tokio::select! {
            line = lines.recv() => line,
            interrupted = tokio::signal::ctrl_c() => interrupted.map(|()| None)?,
        };
        let Some(line) = line else {
            println!();
            return Ok(());
        };
        match line.trim() {
            "" => {}
            "/quit" | "/exit" => return Ok(()),
            "/clear" => {
                conversation.messages.clear();
                println!("{quiet}forgotten{plain}");
            }
            "/history" => {
                for message in &conversation.messages {
                    println!("{quiet}{:?}:{plain} {}", message.role, message.content);
                }
            }
            command if command.starts_with('/') => println!("{quiet}{HELP}{plain}"),
            question => {
                let enough = async { tokio::signal::ctrl_c().await.unwrap_or_default() };
                match conversation.ask(question, &mut out, enough).await {
                    Ok(_) => println!(),
                    Err(error) => println!("\n{quiet}{error}{plain}"),
                }
            }
        }
    }
}

/// The lines of the input. They are read by a thread of their own, which nobody waits for at the end.
fn lines() -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel(1);
    thread::spawn(move || {
        for line in io::stdin().lock().lines().map_while(Result::ok) {
            if sender.blocking_send(line).is_err() {
                break;
            }
        }
    });
    receiver
}
