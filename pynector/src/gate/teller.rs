//! Whom the events of a call are told about, and what a call asks of its host.

use std::ops::Deref;
use std::sync::Arc;

use http::Method;
use http::header::AUTHORIZATION;

use super::Core;
use super::waits::Permits;
use crate::attempt::{Ended, Request, Trouble};
use crate::classify::{AttemptFacts, Opinion};
use crate::clock;
use crate::error::Clock;
use crate::observe::{CallInfo, Event};
use crate::operation::{Operation, Resolved};
use crate::papers::Authority;
use crate::policy::budget::ResolvedBudget;
use crate::policy::circuit::Transition;
use crate::policy::hedge::Latencies;
use crate::policy::registry::Host;
use crate::request::base::Origin;

/// Whom the events of a call are told about.
#[derive(Clone, Debug)]
pub(crate) struct Teller {
    core: Arc<Core>,
    operation: &'static Operation,
    method: Method,
    /// Where the call goes, if not to the origin of the base URL, which all calls would count up and down.
    elsewhere: Option<Arc<Origin>>,
}

impl Teller {
    pub(crate) fn new(core: Arc<Core>, operation: &'static Operation, request: &Request) -> Self {
        let elsewhere = elsewhere(&core, request);
        Self { core, operation, method: request.method.clone(), elsewhere }
    }

    #[cfg(feature = "cache")]
    pub(crate) const fn core(&self) -> &Arc<Core> {
        &self.core
    }

    /// A redirect led the call elsewhere.
    pub(crate) fn moved_to(&mut self, request: &Request) {
        self.method = request.method.clone();
        self.elsewhere = elsewhere(&self.core, request);
    }

    pub(crate) fn tell(&self, event: &Event) {
        let info = CallInfo::new(
            self.operation.name(),
            self.operation.template(),
            &self.method,
            &self.origin().host,
        );
        self.core.tell(&info, event);
    }

    /// Whether the request of the call may be sent twice.
    pub(crate) fn may_repeat(&self) -> bool {
        self.operation.may_repeat(self.method.as_str())
    }

    /// What the program says of an attempt that `ended`; nothing where it was the call that ran out of time.
    pub(crate) fn opinion(&self, ended: &Ended) -> Opinion {
        let given_up = matches!(ended.trouble, Trouble::Clock((Clock::Deadline, _)));
        if self.core.classifiers.is_empty() || given_up {
            return Opinion::none();
        }
        let attempt = AttemptFacts {
            operation: self.operation.name(),
            method: &self.method,
            replayable: self.may_repeat(),
            outcome: ended.outcome,
            stage: ended.outcome.stage(),
            headers: ended.head.as_ref().map(|head| &head.headers),
        };
        let opinions = self.core.classifiers.iter().map(|classifier| classifier.classify(&attempt));
        opinions.fold(Opinion::none(), Opinion::or)
    }

    /// A server that says that nothing is left is left alone, by the calls that have a rate limit (RA-6).
    pub(crate) fn heed(&self, ended: &Ended, settings: &Resolved) {
        let Some((limit, head)) = settings.rate_limit.zip(ended.head.as_ref()) else { return };
        let pause = limit.by.code::<Permits>().and_then(|code| (code.pause)(head));
        if let Some(until) = pause.and_then(|pause| clock::after(clock::now(), pause)) {
            self.host(limit.group).limiter.pause(until);
        }
    }

    pub(super) fn tell_transition(
        &self,
        group: Option<&'static str>,
        Transition { from, to, reason }: Transition,
    ) {
        self.tell(&Event::Breaker { group, from, to, reason });
    }

    fn origin(&self) -> &Arc<Origin> {
        self.elsewhere.as_ref().unwrap_or_else(|| self.core.hosts.home())
    }

    pub(super) fn host(&self, group: Option<&'static str>) -> Known<'_> {
        if group.is_none() && self.elsewhere.is_none() {
            return Known::Home(self.core.hosts.home_host());
        }
        Known::Other(self.core.hosts.host(self.origin(), group, clock::now))
    }

    /// Who authorises `request`: nobody at another origin, and nobody where the call has done so itself.
    pub(crate) fn credentials(&self, request: &Request) -> Option<Arc<dyn Authority>> {
        let source = self.core.credentials.as_ref()?;
        let own = self.core.hosts.is_home(&request.origin) && !request.headers.contains(&AUTHORIZATION);
        own.then(|| Arc::clone(source))
    }

    /// How long answers of the operation take.
    pub(crate) fn latencies(&self) -> Arc<Latencies> {
        self.core.latencies(self.operation)
    }

    /// Takes one retry from the budget of the host, `None` where it is used up (BUD-5).
    pub(crate) fn withdraw(&self, budget: &ResolvedBudget) -> Option<Token> {
        let host = self.host(None).into_host();
        // Not `then_some`: a token that is made for nobody would go back to a budget that did not give it.
        host.budget.withdraw(budget, clock::now()).then(|| Token(Some(host)))
    }

    /// Takes one hedge from it, for which there is no minimum (BUD-8).
    pub(crate) fn withdraw_hedge(&self, budget: &ResolvedBudget) -> Option<Token> {
        let host = self.host(None).into_host();
        host.budget.withdraw_hedge(budget, clock::now()).then(|| Token(Some(host)))
    }
}

/// The origin of `request`, if it is not that of the base URL.
fn elsewhere(core: &Core, request: &Request) -> Option<Arc<Origin>> {
    (!core.hosts.is_home(&request.origin)).then(|| Arc::clone(&request.origin))
}

/// What is known of a host, for a look: that of the base URL is not counted up and down by all calls.
pub(super) enum Known<'a> {
    Home(&'a Arc<Host>),
    Other(Arc<Host>),
}

impl Known<'_> {
    /// It, to be kept.
    pub(super) fn into_host(self) -> Arc<Host> {
        match self {
            Self::Home(host) => Arc::clone(host),
            Self::Other(host) => host,
        }
    }
}

impl Deref for Known<'_> {
    type Target = Arc<Host>;

    fn deref(&self) -> &Arc<Host> {
        match self {
            Self::Home(host) => host,
            Self::Other(host) => host,
        }
    }
}

/// A retry that the budget has granted; it goes back unless it is sent (BUD-4).
#[derive(Debug)]
pub(crate) struct Token(Option<Arc<Host>>);

impl Token {
    /// The retry is sent now.
    pub(crate) fn spend(mut self) {
        if let Some(host) = self.0.take() {
            host.budget.spend(clock::now());
        }
    }
}

impl Drop for Token {
    fn drop(&mut self) {
        if let Some(host) = &self.0 {
            host.budget.refund();
        }
    }
}
