//! The credentials of one call: asked for before each attempt, and once more where a server refuses them (BOD-10).

use tokio::time::Instant;

use crate::attempt::Request;
use crate::auth::{Authorization, Credentials};
use crate::backend::BoxFuture;
use crate::clock::{self, Elapsed};
use crate::error::Result;

/// Whom the calls of a client ask. It brings along what asking takes: a program without credentials has none of that (record 0215).
pub(crate) trait Authority: Credentials {
    /// Lets `papers` ask for what authorises the next attempt of `request`, until `deadline`; see [`Papers::ask`].
    fn authorize_by<'a>(
        &'a self,
        deadline: Option<Instant>,
        papers: &'a mut Papers,
        request: &'a Request,
    ) -> BoxFuture<'a, Result<Result<bool>, Elapsed>>;
}

impl<C: Credentials> Authority for C {
    fn authorize_by<'a>(
        &'a self,
        deadline: Option<Instant>,
        papers: &'a mut Papers,
        request: &'a Request,
    ) -> BoxFuture<'a, Result<Result<bool>, Elapsed>> {
        clock::until_apart(deadline, papers.ask(self, request))
    }
}

/// What one call is authorised by.
#[derive(Default)]
pub(crate) struct Papers {
    /// The request of the attempt to come, with what authorises it; where a key stands in the query, only this one has it.
    request: Option<Box<Request>>,
    used: Option<Authorization>,
    /// What the server has refused; the next question says so.
    rejected: Option<Authorization>,
    renewed: bool,
}

impl Papers {
    /// The attempt to come needs none.
    pub(crate) fn none(&mut self) {
        self.request = None;
        self.used = None;
    }

    /// Asks for what the next attempt of `request` is authorised by. `false`: it is what the server has refused.
    ///
    /// # Errors
    ///
    /// Whatever keeps the source from an answer.
    async fn ask(&mut self, source: &dyn Credentials, request: &Request) -> Result<bool> {
        let rejected = self.rejected.take();
        let given = source.authorize(rejected.as_ref()).await?;
        if rejected.as_ref() == Some(&given) {
            return Ok(false);
        }
        let mut authorized = request.clone();
        let sent = given.apply(&mut authorized.headers, &mut authorized.uri)?;
        self.request = Some(Box::new(authorized));
        self.used = sent.then_some(given);
        Ok(true)
    }

    /// The request with its credentials.
    pub(crate) fn request(&self) -> Option<&Request> {
        self.request.as_deref()
    }

    /// The server has refused them with a 401: whether it is worth to ask for others, which it is once.
    pub(crate) fn refused(&mut self) -> bool {
        if self.renewed || self.used.is_none() {
            return false;
        }
        self.renewed = true;
        self.rejected = self.used.take();
        true
    }
}
