//! What generated mocks are made of: expectations in order, counts, and a loud end when they were not met.

use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The ledger of a generated mock: every expectation and what became of it.
///
/// `P` stands for the parameters of the mocked trait.
pub struct Mock<P = ()> {
    ledger: Arc<Ledger>,
    parameters: PhantomData<P>,
}

/// Shared by the clones of a mock; whoever drops it last sees whether everything was met.
struct Ledger {
    mock: &'static str,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    expectations: Vec<Expectation>,
    /// The first call that nobody expected: a panic in a task of its own may be seen by no one.
    unexpected: Option<String>,
}

struct Expectation {
    method: &'static str,
    /// `None`: once if another one follows, else any number of times.
    times: Option<usize>,
    calls: usize,
}

/// The answers that a mock has for one method.
pub struct Answers<F: ?Sized> {
    ledger: Arc<Ledger>,
    method: &'static str,
    /// How one writes the closure: `|owner, repo| ..`.
    closure: &'static str,
    queue: Arc<Mutex<Queue<F>>>,
}

struct Queue<F: ?Sized> {
    calls: usize,
    /// Each with its place in the ledger.
    answers: Vec<(usize, Arc<F>)>,
}

impl<P> Mock<P> {
    /// A mock of this name that expects nothing.
    pub fn new(mock: &'static str) -> Self {
        Self { ledger: Arc::new(Ledger { mock, state: Mutex::default() }), parameters: PhantomData }
    }

    /// The answers of `method`, whose closure is written as `closure`.
    pub fn answers<F: ?Sized>(&self, method: &'static str, closure: &'static str) -> Answers<F> {
        let queue = Arc::new(Mutex::new(Queue { calls: 0, answers: Vec::new() }));
        Answers { ledger: Arc::clone(&self.ledger), method, closure, queue }
    }

    /// The expectation that was added last is for exactly `calls` calls.
    ///
    /// # Panics
    ///
    /// If nothing is expected yet.
    pub fn times(&self, calls: usize) {
        let mut state = lock(&self.ledger.state);
        let found = state.expectations.last_mut().map(|last| last.times = Some(calls));
        drop(state);
        if found.is_none() {
            fail(&format!("`{}`: `times` follows an `expect_..(..)`, and there is none", self.ledger.mock));
        }
    }

    /// Holds what was expected against what happened.
    ///
    /// # Panics
    ///
    /// If an expectation with a number of calls had another number, or a call was not expected.
    pub fn verify(&self) {
        if let Some(complaint) = self.ledger.complaint() {
            fail(&complaint);
        }
    }
}

impl<F: ?Sized> Answers<F> {
    /// Answers by `answer` what the expectations before leave.
    pub fn expect(&self, answer: Arc<F>) {
        let mut state = lock(&self.ledger.state);
        let place = state.expectations.len();
        state.expectations.push(Expectation { method: self.method, times: None, calls: 0 });
        drop(state);
        lock(&self.queue).answers.push((place, answer));
    }

    /// Counts a call and gives what answers it.
    ///
    /// # Panics
    ///
    /// If nobody expected the call.
    pub fn next(&self) -> Arc<F> {
        let mut queue = lock(&self.queue);
        queue.calls += 1;
        let found = self.ledger.take(&queue.answers);
        let known = queue.answers.len();
        drop(queue);
        match found {
            Some(answer) => answer,
            None => self.unexpected(known),
        }
    }

    /// As [`next`](Self::next), but `None` for a method that was never expected and has a body of its own.
    pub fn expected(&self) -> Option<Arc<F>> {
        let mut queue = lock(&self.queue);
        if queue.answers.is_empty() {
            queue.calls += 1;
            return None;
        }
        drop(queue);
        Some(self.next())
    }

    /// How often the method was called.
    pub fn calls(&self) -> usize {
        lock(&self.queue).calls
    }

    fn unexpected(&self, expectations: usize) -> ! {
        let Self { method, closure, .. } = self;
        let mock = self.ledger.mock;
        let complaint = if expectations == 0 {
            format!("`{mock}`: nobody expected a call of `{method}`: write `.expect_{method}({closure})`")
        } else {
            let calls = self.calls();
            format!(
                "`{mock}`: `{method}` was called {} and that is more than was expected: raise `.times(..)`, or add \
                 another `.expect_{method}({closure})`",
                times(calls)
            )
        };
        lock(&self.ledger.state).unexpected.get_or_insert_with(|| complaint.clone());
        fail(&complaint)
    }
}

impl Ledger {
    /// The first of `answers` that is not used up, counted as used.
    fn take<F: ?Sized>(&self, answers: &[(usize, Arc<F>)]) -> Option<Arc<F>> {
        let mut state = lock(&self.state);
        for (at, (place, answer)) in answers.iter().enumerate() {
            let expectation = state.expectations.get_mut(*place)?;
            let last = at + 1 == answers.len();
            let left = match expectation.times {
                Some(times) => expectation.calls < times,
                None => last || expectation.calls == 0,
            };
            if left {
                expectation.calls += 1;
                return Some(Arc::clone(answer));
            }
        }
        None
    }

    fn complaint(&self) -> Option<String> {
        let state = lock(&self.state);
        if let Some(unexpected) = &state.unexpected {
            return Some(unexpected.clone());
        }
        state.expectations.iter().find_map(|expectation| {
            let Expectation { method, times: Some(wanted), calls } = expectation else { return None };
            (wanted != calls).then(|| {
                let (mock, wanted, calls) = (self.mock, times(*wanted), times(*calls));
                format!("`{mock}`: `{method}` was expected {wanted} and called {calls}")
            })
        })
    }
}

/// A test that ends in a panic already says enough.
impl Drop for Ledger {
    fn drop(&mut self) {
        if !std::thread::panicking()
            && let Some(complaint) = self.complaint()
        {
            fail(&complaint);
        }
    }
}

fn times(count: usize) -> String {
    match count {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        more => format!("{more} times"),
    }
}

fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How a mock fails the test that it stands in.
#[expect(clippy::panic, reason = "a mock stands in tests, and its panic is a test's failure")]
fn fail(complaint: &str) -> ! {
    panic!("{complaint}")
}

impl<P> Clone for Mock<P> {
    fn clone(&self) -> Self {
        Self { ledger: Arc::clone(&self.ledger), parameters: PhantomData }
    }
}

impl<F: ?Sized> Clone for Answers<F> {
    fn clone(&self) -> Self {
        let Self { ledger, method, closure, queue } = self;
        Self { ledger: Arc::clone(ledger), method, closure, queue: Arc::clone(queue) }
    }
}

impl<P> fmt::Debug for Mock<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Mock").field(&self.ledger.mock).finish()
    }
}

impl<F: ?Sized> fmt::Debug for Answers<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let queue = lock(&self.queue);
        f.debug_struct("Answers")
            .field("expectations", &queue.answers.len())
            .field("calls", &queue.calls)
            .finish_non_exhaustive()
    }
}
