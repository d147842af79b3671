//! `mock`: answers by closures, counted, and a test that fails where they were not what happened.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

use pynector::{Error, Result};

#[derive(serde::Serialize)]
pub(crate) struct NewIssue<'a> {
    title: &'a str,
}

#[derive(Debug, PartialEq)]
pub(crate) enum Failed {
    Full,
    Http,
}

impl From<Error> for Failed {
    fn from(_: Error) -> Self {
        Self::Http
    }
}

#[pynector::api(dyn, mock)]
pub(crate) trait Tracker {
    #[get("/{owner}/{repo}")]
    async fn issues(&self, owner: &str, repo: &str, #[query] page: Option<u32>) -> Result<Vec<u32>>;

    #[post("/{owner}")]
    async fn open<'a>(&self, owner: &'a str, #[json] issue: &'a NewIssue<'_>) -> Result<u32, Failed>;

    #[get("/{type}")]
    async fn r#match(&self, r#type: u8) -> Result<()>;

    /// Over a call and another body.
    async fn all(&self, repos: &[&str]) -> Result<Vec<u32>> {
        let mut all = Vec::new();
        for repo in repos {
            for page in 0..self.pages((1, 2)) {
                all.extend(self.issues("o", repo, Some(page)).await?);
            }
        }
        Ok(all)
    }

    fn pages(&self, (from, mut to): (u32, u32)) -> u32 {
        to += 1;
        to - from
    }

    async fn shown(&self, repo: impl AsRef<str> + Send) -> Result<usize>
    where
        Self: Sized,
    {
        self.issues("o", repo.as_ref(), None).await.map(|all| all.len())
    }
}

/// What a test that fails prints.
fn panic_of<R>(test: impl FnOnce() -> R) -> String {
    match catch_unwind(AssertUnwindSafe(|| drop(test()))) {
        Ok(()) => String::from("no panic"),
        Err(panic) => panic.downcast_ref::<String>().cloned().unwrap_or_default(),
    }
}

/// What a future gives that waits for nothing.
fn now<T>(future: impl Future<Output = T>) -> T {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(future).poll(&mut context) {
        std::task::Poll::Ready(output) => output,
        std::task::Poll::Pending => panic!("a mock waits for nothing"),
    }
}

#[test]
fn mock_answers_with_the_arguments_and_counts() {
    let mock = TrackerMock::new()
        .expect_issues(|owner, repo, page| {
            Ok(vec![u32::try_from(owner.len() + repo.len()).unwrap(), page.unwrap_or(0)])
        })
        .expect_open(|_, issue| if issue.title.is_empty() { Err(Failed::Full) } else { Ok(1) })
        .expect_match(|number| if number == 7 { Ok(()) } else { Err(wrong()) });
    let short = String::from("ab");
    assert_eq!(now(mock.issues(&short, "cde", Some(9))).unwrap(), [5, 9]);
    assert_eq!(now(mock.issues("", "", None)).unwrap(), [0, 0]);
    assert_eq!(now(mock.open("o", &NewIssue { title: &short })), Ok(1));
    assert_eq!(now(mock.open("o", &NewIssue { title: "" })), Err(Failed::Full));
    now(mock.r#match(7)).unwrap();
    assert_eq!((mock.issues_calls(), mock.open_calls(), mock.match_calls()), (2, 2, 1));
    mock.verify();
}

fn wrong() -> Error {
    TrackerClient::at("not a url").unwrap_err()
}

#[test]
fn mock_runs_bodies_over_its_answers_unless_they_are_expected() {
    let mock = TrackerMock::new()
        .expect_issues(|_, repo, page| Ok(vec![page.unwrap_or(9), u32::try_from(repo.len()).unwrap()]));
    assert_eq!(now(mock.all(&["a", "bc"])).unwrap(), [0, 1, 1, 1, 0, 2, 1, 2]);
    assert_eq!((mock.issues_calls(), mock.all_calls(), mock.pages_calls()), (4, 1, 2));
    assert_eq!(now(mock.shown("abc")).unwrap(), 2);
    let mock = mock.expect_pages(|(from, _)| from);
    assert_eq!(now(mock.all(&["a"])).unwrap(), [0, 1], "the body asks the mock for the pages");
    let mock = mock.expect_all(|repos| Ok(vec![u32::try_from(repos.len()).unwrap()]));
    assert_eq!(now(mock.all(&["a", "b"])).unwrap(), [2]);
    assert_eq!((mock.issues_calls(), mock.all_calls(), mock.pages_calls()), (6, 3, 3));
}

#[test]
fn mock_answers_in_order_and_the_last_one_repeats() {
    let mock = TrackerMock::new()
        .expect_issues(|_, _, _| Ok(vec![1]))
        .expect_match(|_| Ok(()))
        .expect_issues(|_, _, _| Ok(vec![2]))
        .times(2)
        .expect_issues(|_, _, _| Ok(vec![3]));
    let mut answers = Vec::new();
    for _ in 0..5 {
        answers.extend(now(mock.issues("o", "r", None)).unwrap());
    }
    assert_eq!(answers, [1, 2, 2, 3, 3]);
    mock.verify();
}

#[test]
fn mock_fails_on_a_call_that_nobody_expected() {
    let mock = TrackerMock::new().expect_match(|_| Ok(()));
    let seen = panic_of(|| mock.issues("o", "r", None));
    assert_eq!(
        seen,
        "`TrackerMock`: nobody expected a call of `issues`: write `.expect_issues(|owner, repo, page| ..)`"
    );
    // Where that panic was caught, as a task does, the end of the mock says it again.
    assert_eq!(panic_of(|| mock.verify()), seen);
    assert_eq!(panic_of(|| drop(mock)), seen);
}

#[test]
fn mock_fails_on_one_call_too_many_and_on_one_too_few() {
    let expecting = || TrackerMock::new().expect_issues(|_, _, _| Ok(vec![])).times(2);
    let mock = expecting();
    now(mock.issues("o", "r", None)).unwrap();
    let few = "`TrackerMock`: `issues` was expected 2 times and called once";
    assert_eq!(panic_of(|| mock.verify()), few);
    now(mock.clone().issues("o", "r", None)).unwrap();
    mock.verify();
    let many = panic_of(|| mock.issues("o", "r", None));
    assert!(many.starts_with("`TrackerMock`: `issues` was called 3 times and that is more"), "{many}");
    assert!(
        many.contains("raise `.times(..)`, or add another `.expect_issues(|owner, repo, page| ..)`"),
        "{many}"
    );
    drop(catch_unwind(AssertUnwindSafe(|| drop(mock))));

    let mock = expecting();
    now(mock.issues("o", "r", None)).unwrap();
    let clone = mock.clone();
    assert_eq!(panic_of(|| drop(mock)), "no panic", "a clone may still be called");
    assert_eq!(panic_of(|| drop(clone)), few);
    let never = TrackerMock::new().expect_issues(|_, _, _| Ok(vec![])).times(0);
    never.verify();
    assert!(panic_of(|| never.issues("o", "r", None)).contains("was called once"));
    drop(catch_unwind(AssertUnwindSafe(|| drop(never))));
    assert_eq!(
        panic_of(|| TrackerMock::new().times(1)),
        "`TrackerMock`: `times` follows an `expect_..(..)`, and there is none"
    );
}

#[test]
fn mock_says_nothing_more_where_the_test_has_failed() {
    let failed = panic_of(|| -> () {
        let _mock = TrackerMock::new().expect_issues(|_, _, _| Ok(vec![])).times(1);
        panic!("{}", "the test's own reason");
    });
    assert_eq!(failed, "the test's own reason");
}

#[tokio::test(start_paused = true)]
async fn mock_is_shared_between_tasks_and_behind_dyn() {
    static ASKED: AtomicUsize = AtomicUsize::new(0);
    let mock = TrackerMock::new()
        .expect_issues(|_, _, page| {
            ASKED.fetch_add(1, Ordering::Relaxed);
            Ok(vec![page.unwrap_or(0)])
        })
        .times(50);
    let tasks = (0..50).map(|page| {
        let tracker = DynTracker::new(mock.clone());
        tokio::spawn(async move { tracker.issues("o", "r", Some(page)).await })
    });
    let mut pages = Vec::new();
    for task in tasks.collect::<Vec<_>>() {
        pages.extend(task.await.unwrap().unwrap());
    }
    assert_eq!(pages, (0..50).collect::<Vec<_>>());
    assert_eq!((mock.issues_calls(), ASKED.load(Ordering::Relaxed)), (50, 50));
    assert!(
        format!("{mock:?}").starts_with("TrackerMock { issues: Answers { expectations: 1, calls: 50, .. }"),
        "{mock:?}"
    );
    mock.verify();
}
