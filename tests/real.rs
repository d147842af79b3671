//! The harness of the suites against real servers: they run where the server's address stands in the environment.
//!
//! Without the address every test is reported as ignored, and a line says how to run them; that is why this is not the
//! standard harness, which can ignore nothing at run time and hides what passes.

use std::env;
use std::error::Error;
use std::pin::Pin;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed};

pub use libtest_mimic::Trial;

/// What a test gives back: nothing, or why it stopped.
pub type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// A test that runs.
pub type Running = Pin<Box<dyn Future<Output = Outcome>>>;

/// A server that nobody here wrote.
#[derive(Clone, Copy, Debug)]
pub struct RealServer {
    /// Its name, which is that of its suite and of the script that starts it.
    pub name: &'static str,
    /// Where the environment has its base URL.
    pub variable: &'static str,
}

impl RealServer {
    /// The base URL.
    ///
    /// # Errors
    ///
    /// Without one, how to get it.
    pub fn url(&self) -> Outcome<String> {
        let Self { name, variable } = self;
        env::var(variable).map_err(|error| format!("{variable}: {error}; run scripts/{name}").into())
    }

    /// Runs the suite as the arguments of the program say.
    pub fn run(&self, trials: impl IntoIterator<Item = Trial>) -> ExitCode {
        let Self { name, variable } = self;
        let missing = env::var_os(variable).is_none();
        let trials = trials.into_iter().map(|trial| trial.with_ignored_flag(missing)).collect();
        let conclusion = libtest_mimic::run(&Arguments::from_args(), trials);
        if missing {
            println!("NOT RUN: the {name} suite, since {variable} is not set; run it with scripts/{name}\n");
        }
        conclusion.exit_code()
    }
}

/// A test with a runtime of its own, as `#[tokio::test]` has; `path` is that of its function.
pub fn trial(path: &str, test: fn() -> Running) -> Trial {
    let name = path.split_once("::").map_or(path, |(_, name)| name);
    Trial::test(name, move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(test()).map_err(|error| Failed::from(error.to_string()))
    })
}

/// The trials of a module, from the names of its async functions; one that is left out is dead code.
#[macro_export]
macro_rules! trials {
    ($($name:ident)*) => {
        pub(crate) fn trials() -> Vec<$crate::real::Trial> {
            vec![$($crate::real::trial(
                concat!(module_path!(), "::", stringify!($name)),
                || Box::pin($name()),
            )),*]
        }
    };
}

/// The error of a call that must not succeed.
///
/// # Errors
///
/// If it does.
pub async fn failure<T, E>(call: impl Future<Output = Result<T, E>>) -> Outcome<E> {
    match call.await {
        Ok(_) => Err("a success where an error was due".into()),
        Err(error) => Ok(error),
    }
}
