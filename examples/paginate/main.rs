//! Walks over the pages of an API in the manner of GitHub's, breaks off, and goes on from a cursor that was kept.
//!
//! ```text
//! cargo run --example paginate                     against a server of its own; exit code 0 if every item came in order
//! cargo run --example paginate -- --base-url https://api.github.com --repo tokio-rs/tokio --pages 3
//! ```

mod api;
mod server;
mod table;

use std::error::Error;
use std::process::ExitCode;
use std::sync::atomic::Ordering;

use pynector::CallOptions;

use self::api::{Entry, GitHub, GitHubClient, Issue};
use self::server::{ENTRIES, ISSUES};
use self::table::Table;

type Outcome<T> = Result<T, Box<dyn Error>>;

const USAGE: &str = "usage: paginate [--base-url url] [--repo owner/name] [--per-page n] [--pages n]";

/// What the command line says.
struct Arguments {
    base_url: Option<String>,
    owner: String,
    repo: String,
    per_page: u32,
    pages: Option<u64>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let outcome = match arguments() {
        Ok(arguments) => run(arguments).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("FAILED: {error}");
            ExitCode::FAILURE
        }
    }
}

fn arguments() -> Outcome<Arguments> {
    let (owner, repo) = ("tokio-rs".to_owned(), "tokio".to_owned());
    let mut read = Arguments { base_url: None, owner, repo, per_page: 30, pages: None };
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or(USAGE)?;
        match name.as_str() {
            "--base-url" => read.base_url = Some(value),
            "--repo" => {
                let (owner, repo) = value.split_once('/').ok_or("--repo is owner/name")?;
                (read.owner, read.repo) = (owner.to_owned(), repo.to_owned());
            }
            "--per-page" => read.per_page = value.parse()?,
            "--pages" => read.pages = Some(value.parse()?),
            _ => return Err(USAGE.into()),
        }
    }
    Ok(read)
}

async fn run(arguments: Arguments) -> Outcome<()> {
    if let Some(url) = &arguments.base_url {
        issues(&GitHubClient::at(url)?, &arguments).await?;
        return Ok(());
    }
    let (routes, requests) = server::routes();
    let url = pynector_examples::serve(routes).await?;
    let github = GitHubClient::at(&url)?;

    let issues = issues(&github, &arguments).await?;
    if arguments.pages.is_none() {
        in_order(issues.iter().map(|issue| issue.number), 1, ISSUES)?;
    }
    println!("the server was asked {} times, refusals included\n", requests.load(Ordering::SeqCst));

    let saved = audit_until_revoked(&github).await?;
    // As another process would, which has nothing but the text.
    let later = GitHubClient::at(&url)?;
    audit_from(&later, &saved).await
}

/// All issues of the repository, page by page; the next page is on its way while this one is printed.
async fn issues(github: &GitHubClient, arguments: &Arguments) -> Outcome<Vec<Issue>> {
    let Arguments { owner, repo, per_page, .. } = arguments;
    println!(
        "issues of {owner}/{repo} at {}",
        arguments.base_url.as_deref().unwrap_or("a server of our own")
    );
    let mut pages = github.issues(owner, repo, *per_page).await?.prefetch(true);
    if let Some(most) = arguments.pages {
        pages = pages.max_pages(most);
    }
    let (mut table, mut all) = (Table::new(), Vec::new());
    while let Some(page) = pages.next().await {
        let page = page?;
        table.page(&page);
        all.extend(page);
    }
    table.end(&all, pages.cursor().is_some());
    Ok(all)
}

/// Reads the log up to the entry that is looked for, and gives the text by which it goes on there.
async fn audit_until_revoked(github: &GitHubClient) -> Outcome<String> {
    let mut entries = github.audit(20).await?.items();
    let mut read = Vec::new();
    while let Some(entry) = entries.next().await {
        let entry = entry?;
        let found = entry.action == "key.revoked";
        read.push(entry);
        if found {
            break;
        }
    }
    let last = read.last().ok_or("the log is empty")?;
    println!("audit log: read {} entries, up to {} {:?}", read.len(), last.id, last.action);
    in_order(read.iter().map(|entry: &Entry| entry.id), 1, 33)?;
    let cursor = entries.cursor().ok_or("the log has ended")?.to_string();
    println!("the cursor to keep: {cursor}");
    Ok(cursor)
}

/// The rest of the log; the page that was read in part comes once more, so that nothing is missed.
async fn audit_from(github: &GitHubClient, saved: &str) -> Outcome<()> {
    let resumed = github.with_options(CallOptions::new().resume_at(saved.parse()?));
    let mut pages = resumed.audit(20).await?;
    let mut ids = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page?;
        let total: u64 = page.field("total")?;
        ids.extend(page.iter().map(|entry| entry.id));
        println!("a later run: {} of {total}", ids.last().copied().unwrap_or_default());
    }
    in_order(ids.into_iter(), 21, ENTRIES)?;
    println!("every entry came, and none was missed");
    Ok(())
}

/// Whether these are the numbers from `first` to `last`.
fn in_order(numbers: impl Iterator<Item = u64>, first: u64, last: u64) -> Outcome<()> {
    if numbers.eq(first..=last) {
        return Ok(());
    }
    Err(format!("the items are not {first} to {last}, each once and in order").into())
}
