//! The tables of retry and breaker, cell by cell.

use std::time::Duration;

use super::Failure::*;
use super::Outcome::{Failed, Status};
use super::{
    Outcome, RetryVerdict, Stage, Verdict, WhyNot, abandoned, breaker_verdict, left_early, replayable_method,
    verdict, verdict_of_worthwhile,
};
use crate::policy::{RetryPolicy, Rules, StatusCodes};

const METHODS: [(&str, bool); 12] = [
    ("GET", true),
    ("HEAD", true),
    ("OPTIONS", true),
    ("TRACE", true),
    ("PUT", true),
    ("DELETE", true),
    ("QUERY", true),
    ("POST", false),
    ("PATCH", false),
    ("CONNECT", false),
    ("PROPFIND", false),
    ("get", false),
];

/// What a cell of the retry matrix says: for replayable requests, then for others.
const YES: RetryVerdict = RetryVerdict::Retry;
const NACK: RetryVerdict = RetryVerdict::Nack;
const NEVER: RetryVerdict = RetryVerdict::No(WhyNot::NotRetryable);
const TWICE: RetryVerdict = RetryVerdict::No(WhyNot::NotReplayable);

/// Outcome · stage · replayable · not replayable · `spec()` · breaker · breaker of `spec()`.
type Row = (Outcome, Stage, RetryVerdict, RetryVerdict, RetryVerdict, Verdict, Verdict);

#[rustfmt::skip]
const TABLE: [Row; 40] = [
    (Failed(Dns),             Stage::NotSent,      YES,   YES,   YES,   Verdict::Failure, Verdict::Failure),
    (Failed(Refused),         Stage::NotSent,      YES,   YES,   YES,   Verdict::Failure, Verdict::Failure),
    (Failed(Connect),         Stage::NotSent,      YES,   YES,   YES,   Verdict::Failure, Verdict::Failure),
    (Failed(ConnectTimeout),  Stage::NotSent,      YES,   YES,   NEVER, Verdict::Failure, Verdict::Failure),
    (Failed(Tls),             Stage::NotSent,      NEVER, NEVER, YES,   Verdict::Neutral, Verdict::Failure),
    (Failed(Proxy),           Stage::NotSent,      YES,   YES,   NEVER, Verdict::Failure, Verdict::Failure),
    (Failed(ProxyAuth),       Stage::NotSent,      NEVER, NEVER, NEVER, Verdict::Neutral, Verdict::Failure),
    (Failed(Canceled),        Stage::NotSent,      YES,   YES,   NEVER, Verdict::Failure, Verdict::Failure),
    (Failed(Nack),            Stage::NotProcessed, NACK,  NACK,  NEVER, Verdict::Neutral, Verdict::Failure),
    (Failed(Interrupted),     Stage::Unknown,      YES,   TWICE, NEVER, Verdict::Failure, Verdict::Failure),
    (Failed(AttemptTimeout),  Stage::Unknown,      YES,   TWICE, YES,   Verdict::Failure, Verdict::Failure),
    (Failed(ReadTimeout),     Stage::Unknown,      YES,   TWICE, YES,   Verdict::Failure, Verdict::Failure),
    (Failed(WriteTimeout),    Stage::Unknown,      YES,   TWICE, YES,   Verdict::Failure, Verdict::Failure),
    (Failed(BodyInterrupted), Stage::BodyFailed,   YES,   TWICE, NEVER, Verdict::Failure, Verdict::Failure),
    (Failed(BodyTooLarge),    Stage::BodyFailed,   NEVER, NEVER, NEVER, Verdict::Neutral, Verdict::Neutral),
    (Failed(Protocol),        Stage::Unknown,      NEVER, NEVER, NEVER, Verdict::Failure, Verdict::Failure),
    (Failed(Request),         Stage::Local,        NEVER, NEVER, NEVER, Verdict::Neutral, Verdict::Neutral),
    (Status(101),             Stage::Responded,    NEVER, NEVER, NEVER, Verdict::Success, Verdict::Success),
    (Status(200),             Stage::Responded,    NEVER, NEVER, NEVER, Verdict::Success, Verdict::Success),
    (Status(204),             Stage::Responded,    NEVER, NEVER, NEVER, Verdict::Success, Verdict::Success),
    (Status(301),             Stage::Responded,    NEVER, NEVER, NEVER, Verdict::Success, Verdict::Success),
    (Status(304),             Stage::Responded,    NEVER, NEVER, NEVER, Verdict::Success, Verdict::Success),
    (Status(399),             Stage::Responded,    NEVER, NEVER, NEVER, Verdict::Success, Verdict::Success),
    (Status(400),             Stage::Responded,    NEVER, NEVER, NEVER, Verdict::Alive,   Verdict::Alive),
    (Status(401),             Stage::Responded,    NEVER, NEVER, NEVER, Verdict::Alive,   Verdict::Alive),
    (Status(404),             Stage::Responded,    NEVER, NEVER, NEVER, Verdict::Alive,   Verdict::Alive),
    (Status(408),             Stage::Responded,    NEVER, NEVER, NEVER, Verdict::Failure, Verdict::Alive),
    (Status(409),             Stage::Responded,    NEVER, NEVER, NEVER, Verdict::Alive,   Verdict::Alive),
    (Status(421),             Stage::NotProcessed, NEVER, NEVER, NEVER, Verdict::Alive,   Verdict::Alive),
    (Status(425),             Stage::NotProcessed, NEVER, NEVER, NEVER, Verdict::Alive,   Verdict::Alive),
    (Status(429),             Stage::NotProcessed, YES,   YES,   YES,   Verdict::Alive,   Verdict::Alive),
    (Status(499),             Stage::Responded,    NEVER, NEVER, NEVER, Verdict::Alive,   Verdict::Alive),
    (Status(500),             Stage::Responded,    YES,   TWICE, YES,   Verdict::Failure, Verdict::Failure),
    (Status(501),             Stage::Responded,    NEVER, NEVER, NEVER, Verdict::Neutral, Verdict::Failure),
    (Status(502),             Stage::Responded,    YES,   TWICE, YES,   Verdict::Failure, Verdict::Failure),
    (Status(503),             Stage::Responded,    YES,   TWICE, YES,   Verdict::Failure, Verdict::Failure),
    (Status(504),             Stage::Responded,    YES,   TWICE, YES,   Verdict::Failure, Verdict::Failure),
    (Status(505),             Stage::Responded,    NEVER, NEVER, NEVER, Verdict::Neutral, Verdict::Failure),
    (Status(599),             Stage::Responded,    NEVER, NEVER, NEVER, Verdict::Failure, Verdict::Failure),
    (Status(999),             Stage::Responded,    NEVER, NEVER, NEVER, Verdict::Failure, Verdict::Failure),
];

#[test]
fn idm_1_the_matrix_holds_for_every_method_and_outcome() {
    let policy = RetryPolicy::default().resolve();
    for (method, replayable) in METHODS {
        assert_eq!(replayable_method(method), replayable, "{method}");
        for (outcome, _, if_replayable, otherwise, ..) in TABLE {
            let expected = if replayable { if_replayable } else { otherwise };
            assert_eq!(
                verdict(outcome, replayable_method(method), &policy),
                expected,
                "{method} {outcome:?}"
            );
        }
    }
}

#[test]
fn idm_1_any_method_makes_every_method_replayable() {
    let policy = RetryPolicy::new().any_method().resolve();
    for (outcome, _, if_replayable, ..) in TABLE {
        assert_eq!(verdict(outcome, false, &policy), if_replayable, "{outcome:?}");
    }
}

#[test]
fn idm_1_spec_retries_its_own_list_whatever_the_method() {
    let policy = RetryPolicy::spec().resolve();
    for (method, _) in METHODS {
        for (outcome, _, _, _, expected, ..) in TABLE {
            assert_eq!(
                verdict(outcome, replayable_method(method), &policy),
                expected,
                "{method} {outcome:?}"
            );
        }
    }
}

#[test]
fn cfg_2_the_status_set_alone_decides_about_statuses() {
    let none = RetryPolicy::new().status_codes(StatusCodes::empty()).resolve();
    for (outcome, ..) in TABLE.iter().filter(|row| matches!(row.0, Status(_))) {
        assert_eq!(verdict(*outcome, true, &none), NEVER, "{outcome:?}");
    }
    let own = RetryPolicy::new().status_codes(StatusCodes::of(&[408, 421, 425])).resolve();
    assert_eq!(verdict(Status(408), true, &own), YES);
    assert_eq!(verdict(Status(408), false, &own), TWICE);
    assert_eq!(verdict(Status(503), true, &own), NEVER);
    for unprocessed in [421, 425] {
        assert_eq!(verdict(Status(unprocessed), false, &own), YES, "the server says it did nothing");
    }
}

#[test]
fn the_verdict_does_not_depend_on_the_switch() {
    let off = RetryPolicy::off().resolve();
    assert_eq!(verdict(Status(503), true, &off), YES);
}

#[test]
fn stages_are_those_of_the_vocabulary() {
    for (outcome, stage, ..) in TABLE {
        assert_eq!(outcome.stage(), stage, "{outcome:?}");
    }
}

#[test]
fn brk_2_what_counts_is_what_the_table_says() {
    for (outcome, _, _, _, _, matrix, spec) in TABLE {
        assert_eq!(breaker_verdict(outcome, Rules::Matrix), matrix, "{outcome:?}");
        assert_eq!(breaker_verdict(outcome, Rules::Spec), spec, "{outcome:?} of spec()");
    }
}

#[test]
fn brk_2_every_status_has_its_verdict() {
    for status in 100..=599 {
        let expected = match status {
            408 => Verdict::Failure,
            501 | 505 => Verdict::Neutral,
            _ => [Verdict::Success, Verdict::Success, Verdict::Success, Verdict::Alive, Verdict::Failure]
                [usize::from(status / 100 - 1)],
        };
        assert_eq!(breaker_verdict(Status(status), Rules::Matrix), expected, "{status}");
    }
}

#[test]
fn brk_2_a_patient_callers_loss_counts() {
    let second = Duration::from_secs(1);
    assert_eq!(abandoned(second * 4, Some(second * 10)), Verdict::Neutral);
    assert_eq!(abandoned(second * 5, Some(second * 10)), Verdict::Failure);
    assert_eq!(abandoned(Duration::MAX, None), Verdict::Neutral);
    assert_eq!(left_early(second * 4, Some(second * 10)), Verdict::Success);
    assert_eq!(left_early(second * 5, Some(second * 10)), Verdict::Failure);
    assert_eq!(left_early(Duration::MAX, None), Verdict::Success);
}

#[test]
fn bod_2_what_can_be_read_once_is_sent_again_only_untouched() {
    let gone = RetryVerdict::No(WhyNot::BodyNotReplayable);
    for again in [RetryVerdict::Retry, RetryVerdict::Nack] {
        assert_eq!(again.with_one_shot(Failed(Refused), false), again);
        assert_eq!(again.with_one_shot(Failed(Refused), true), gone, "somebody began to read it");
        assert_eq!(again.with_one_shot(Failed(Nack), false), gone, "it was sent");
        assert_eq!(again.with_one_shot(Status(503), true), gone);
    }
    for no in [RetryVerdict::No(WhyNot::NotRetryable), RetryVerdict::No(WhyNot::NotReplayable)] {
        assert_eq!(no.with_one_shot(Failed(Interrupted), true), no, "the first reason stays");
    }
}

#[test]
fn what_the_program_calls_worthwhile_is_still_asked_for_harm() {
    let policy = RetryPolicy::new().resolve();
    let harm = RetryVerdict::No(WhyNot::NotReplayable);
    for (outcome, replayable, expected) in [
        (Status(404), true, RetryVerdict::Retry),
        (Status(404), false, harm),
        (Failed(Protocol), false, harm),
        (Failed(Tls), false, RetryVerdict::Retry), // Nothing was sent.
        (Failed(Interrupted), false, harm),
        (Failed(Nack), false, RetryVerdict::Nack),
    ] {
        assert_eq!(verdict_of_worthwhile(outcome, replayable, &policy), expected, "{outcome:?} {replayable}");
    }
    let any = RetryPolicy::new().any_method().resolve();
    assert_eq!(verdict_of_worthwhile(Status(404), false, &any), RetryVerdict::Retry);
}
