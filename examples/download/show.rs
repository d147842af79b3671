//! How far a download is: a bar at a terminal, a line now and then elsewhere.

use std::io::{IsTerminal as _, stderr};
use std::path::Path;

use indicatif::{HumanBytes, ProgressBar, ProgressStyle};
use pynector::Progress;

/// Whoever is told of a download shows it.
pub(crate) struct Show {
    name: String,
    bar: Option<ProgressBar>,
    attempt: u32,
    /// The last line said so many tenths.
    tenths: u64,
}

impl Show {
    pub(crate) fn new(path: &Path) -> Self {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let bar = stderr().is_terminal().then(|| bar(name.clone()));
        Self { name, bar, attempt: 1, tenths: 0 }
    }

    pub(crate) fn tell(&mut self, progress: &Progress) {
        if progress.attempt() > self.attempt {
            self.attempt = progress.attempt();
            self.say(&format!("  the connection broke; going on at {}", size(progress.bytes())));
        }
        let rate = format!("{}/s", size(per_second(progress)));
        if let Some(bar) = &self.bar {
            if let Some(total) = progress.total() {
                bar.set_length(total);
            }
            bar.set_position(progress.bytes());
            let left = progress.remaining().map(|left| format!(", {} s left", left.as_secs() + 1));
            bar.set_message(rate + &left.unwrap_or_default());
            if progress.total() == Some(progress.bytes()) {
                bar.finish_with_message("done");
            }
            return;
        }
        let tenths = progress.total().map_or(0, |total| 10 * progress.bytes() / total.max(1));
        if tenths > self.tenths {
            self.tenths = tenths;
            println!("  {} {:3} %, {}, {rate}", self.name, 10 * tenths, size(progress.bytes()));
        }
    }

    fn say(&self, line: &str) {
        match &self.bar {
            Some(bar) => bar.println(line),
            None => println!("{line}"),
        }
    }
}

/// A bar that is left where it stopped does not stay in the way of what is printed next.
impl Drop for Show {
    fn drop(&mut self) {
        if let Some(bar) = self.bar.take().filter(|bar| !bar.is_finished()) {
            bar.abandon();
        }
    }
}

fn bar(name: String) -> ProgressBar {
    // Where the template were wrong, the bar of indicatif would do.
    let style = ProgressStyle::with_template("{prefix} [{bar:30}] {bytes}/{total_bytes} {msg}");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> ");
    ProgressBar::no_length().with_style(style).with_prefix(name)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rate is shown in three digits"
)]
fn per_second(progress: &Progress) -> u64 {
    progress.rate() as u64
}

/// A size as a person writes it.
pub(crate) fn size(bytes: u64) -> String {
    HumanBytes(bytes).to_string()
}
