//! Where one call stands in its retry policy: what it has used up, and when it may try again (BKO-4).

use std::time::Duration;

use super::classify::{MAX_NACKS, RetryVerdict, WhyNot};
use super::retry::{ResolvedRetry, Wait};
use crate::error::StopReason;

/// Who asked for the wait before a retry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DelaySource {
    /// The backoff of the retry policy.
    Backoff,
    /// The server, by `Retry-After`.
    RetryAfter,
    /// Nobody: the server said that it did not process the request, so it is sent again at once.
    Nack,
}

/// The retries of one call.
#[derive(Debug, Default)]
pub(crate) struct Schedule {
    retries: u32,
    nacks: u32,
    hedges: u32,
}

impl Schedule {
    /// How many attempts the call has had, the current one included.
    pub(crate) const fn attempts(&self) -> u32 {
        self.retries.saturating_add(self.nacks).saturating_add(self.hedges).saturating_add(1)
    }

    /// An attempt is made beside others.
    pub(crate) const fn hedge(&mut self) {
        self.hedges = self.hedges.saturating_add(1);
    }

    /// How long to wait before the next attempt, and who says so; or why there is none.
    ///
    /// `asked` is what the server asked for, `left` the time to the deadline: no wait is begun that cannot end before
    /// it (TMO-3). `random` yields numbers in `0.0..1.0`.
    pub(crate) fn next(
        &mut self,
        policy: &ResolvedRetry,
        verdict: RetryVerdict,
        asked: Option<Duration>,
        left: Option<Duration>,
        mut random: impl FnMut() -> f64,
    ) -> Result<(Duration, DelaySource), StopReason> {
        let (wait, source) = match verdict {
            RetryVerdict::No(WhyNot::NotRetryable) => return Err(StopReason::NotRetryable),
            RetryVerdict::No(WhyNot::NotReplayable) => return Err(StopReason::NotReplayable),
            RetryVerdict::No(WhyNot::BodyNotReplayable) => return Err(StopReason::BodyNotReplayable),
            RetryVerdict::Nack | RetryVerdict::Retry if !policy.enabled => return Err(StopReason::Off),
            RetryVerdict::Nack if self.nacks >= MAX_NACKS => return Err(StopReason::Exhausted),
            RetryVerdict::Nack if self.nacks == 0 => (Duration::ZERO, DelaySource::Nack),
            RetryVerdict::Nack => (policy.backoff.delay(1, random()), DelaySource::Nack),
            RetryVerdict::Retry if self.retries >= policy.max_retries => return Err(StopReason::Exhausted),
            RetryVerdict::Retry => match policy.wait(self.retries + 1, asked, random) {
                Wait::TooLong(_) => return Err(StopReason::RetryAfterTooLong),
                Wait::For(wait) if asked.is_some() && policy.max_retry_after.is_some() => {
                    (wait, DelaySource::RetryAfter)
                }
                Wait::For(wait) => (wait, DelaySource::Backoff),
            },
        };
        if left.is_some_and(|left| wait >= left) {
            let asked = source == DelaySource::RetryAfter;
            return Err(if asked { StopReason::RetryAfterTooLong } else { StopReason::Deadline });
        }
        match verdict {
            RetryVerdict::Nack => self.nacks += 1,
            RetryVerdict::Retry | RetryVerdict::No(_) => self.retries += 1,
        }
        Ok((wait, source))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{DelaySource, Schedule};
    use crate::error::StopReason;
    use crate::policy::backoff::Jitter;
    use crate::policy::classify::{RetryVerdict, WhyNot};
    use crate::policy::retry::RetryPolicy;

    const S: Duration = Duration::from_secs(1);

    fn next(
        schedule: &mut Schedule,
        verdict: RetryVerdict,
        asked: Option<Duration>,
        left: Option<Duration>,
    ) -> Result<(Duration, DelaySource), StopReason> {
        let policy = RetryPolicy::new().max_retries(2).initial_backoff(S).jitter(Jitter::None).resolve();
        schedule.next(&policy, verdict, asked, left, || 0.5)
    }

    #[test]
    fn retries_and_nacks_are_counted_apart() {
        let mut call = Schedule::default();
        let retry = |call: &mut Schedule| next(call, RetryVerdict::Retry, None, None);
        let nack = |call: &mut Schedule| next(call, RetryVerdict::Nack, None, None);
        assert_eq!(nack(&mut call), Ok((Duration::ZERO, DelaySource::Nack)));
        assert_eq!(retry(&mut call), Ok((S, DelaySource::Backoff)));
        assert_eq!(nack(&mut call), Ok((S, DelaySource::Nack)));
        assert_eq!(nack(&mut call), Err(StopReason::Exhausted));
        assert_eq!(retry(&mut call), Ok((2 * S, DelaySource::Backoff)));
        assert_eq!(retry(&mut call), Err(StopReason::Exhausted));
        assert_eq!(call.attempts(), 5);
    }

    #[test]
    fn hdg_1_a_hedge_is_an_attempt() {
        let mut call = Schedule::default();
        call.hedge();
        call.hedge();
        assert_eq!(call.attempts(), 3);
    }

    #[test]
    fn tmo_3_a_wait_must_end_before_the_deadline() {
        for (asked, left, expected) in [
            (None, Some(S), Err(StopReason::Deadline)),
            (None, Some(S + S), Ok((S, DelaySource::Backoff))),
            (Some(3 * S), Some(3 * S), Err(StopReason::RetryAfterTooLong)),
            (Some(3 * S), None, Ok((3 * S, DelaySource::RetryAfter))),
            (Some(61 * S), None, Err(StopReason::RetryAfterTooLong)),
        ] {
            let mut call = Schedule::default();
            assert_eq!(next(&mut call, RetryVerdict::Retry, asked, left), expected);
            assert_eq!(
                call.attempts(),
                if expected.is_ok() { 2 } else { 1 },
                "a refused retry costs nothing"
            );
        }
    }

    #[test]
    fn a_verdict_of_no_says_why() {
        for (why, reason) in [
            (WhyNot::NotRetryable, StopReason::NotRetryable),
            (WhyNot::NotReplayable, StopReason::NotReplayable),
            (WhyNot::BodyNotReplayable, StopReason::BodyNotReplayable),
        ] {
            assert_eq!(next(&mut Schedule::default(), RetryVerdict::No(why), None, None), Err(reason));
        }
        let off = RetryPolicy::off().resolve();
        for verdict in [RetryVerdict::Retry, RetryVerdict::Nack] {
            let stopped = Schedule::default().next(&off, verdict, None, None, || 0.5);
            assert_eq!(stopped, Err(StopReason::Off));
        }
    }
}
