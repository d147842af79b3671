//! Talks to a language model through an OpenAI-compatible API, and shows its answer word by word.
//!
//! Without `--base-url` it starts a small server of its own, which answers in its way and needs no key. The key for another one
//! is taken from the environment, `OPENAI_API_KEY`.
//!
//! ```text
//! cargo run --example chat                  at a terminal a conversation, else a scripted one; exit code 0 if it went as it must
//! cargo run --example chat -- --script      the scripted one
//! cargo run --example chat -- --base-url https://api.openai.com/v1 --model gpt-4o-mini [--system "Be brief."]
//! ```

mod api;
mod conversation;
mod script;
mod server;
mod terminal;

use std::error::Error;
use std::io::{self, IsTerminal as _};
use std::process::ExitCode;

use api::CompletionsClient;
use conversation::Conversation;
use pynector::Secret;

const USAGE: &str = "usage: chat [--script] [--base-url URL] [--model NAME] [--system TEXT]";

#[derive(Default)]
struct Arguments {
    script: bool,
    base_url: Option<String>,
    model: Option<String>,
    system: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Some(arguments) = read(std::env::args().skip(1)) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("FAILED: {error}");
            ExitCode::FAILURE
        }
    }
}

fn read(mut words: impl Iterator<Item = String>) -> Option<Arguments> {
    let mut arguments = Arguments::default();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--script" => arguments.script = true,
            "--base-url" => arguments.base_url = Some(words.next()?),
            "--model" => arguments.model = Some(words.next()?),
            "--system" => arguments.system = Some(words.next()?),
            _ => return None,
        }
    }
    Some(arguments)
}

async fn run(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    let (url, key) = match &arguments.base_url {
        Some(url) => (url.clone(), std::env::var("OPENAI_API_KEY").ok()),
        None => (server::start().await?, Some(server::KEY.to_owned())),
    };
    let client = |key: Option<String>| {
        let builder = CompletionsClient::builder().base_url(&url);
        match key {
            Some(key) => builder.bearer(Secret::new(key)).build(),
            None => builder.build(),
        }
    };
    let given = arguments.base_url.is_some();
    if arguments.script || !given && !io::stdin().is_terminal() {
        return script::run(client(key)?, client(Some("a guess".to_owned()))?).await;
    }
    let model = arguments.model.unwrap_or_else(|| "gpt-4o-mini".to_owned());
    let greeting = format!("{model} at {url}");
    let mut conversation = Conversation::new(client(key)?, model);
    if let Some(system) = arguments.system {
        conversation.system(system);
    }
    Ok(terminal::run(conversation, &greeting).await?)
}
