//! Models of one rate limit: permits that are taken and given back at once (RTL-1, RTL-2).

use std::time::Duration;

use loom::sync::Arc;

use crate::policy::limit::{Limiter, RateLimit};
use crate::{epoch, explore, race};

const SECOND: Duration = Duration::from_secs(1);

pub fn one_of_three_goes() {
    explore(|| {
        let now = epoch();
        let limit = RateLimit::new(1, SECOND).resolve().expect("there is a limit");
        let limiter = Arc::new(Limiter::new(now));
        let [one, two, three] = [&limiter, &limiter, &limiter].map(Arc::clone);
        let take = |limiter: Arc<Limiter>| move || limiter.take(&limit, now).is_ok();
        let (first, second, third) = race(take(one), take(two), take(three));
        assert_eq!(usize::from(first) + usize::from(second) + usize::from(third), 1);
    });
}

pub fn what_is_given_back_beside_another_is_not_doubled() {
    explore(|| {
        let now = epoch();
        let limit = RateLimit::new(2, SECOND).resolve().expect("there is a limit");
        let limiter = Arc::new(Limiter::new(now));
        let [one, two, three] = [&limiter, &limiter, &limiter].map(Arc::clone);
        let (first, second, ()) = race(
            move || one.take(&limit, now).is_ok(),
            move || two.take(&limit, now).is_ok(),
            move || {
                if let Ok(permit) = three.take(&limit, now) {
                    three.give_back(permit);
                }
            },
        );
        let more = (0..4).filter(|_| limiter.take(&limit, now).is_ok()).count();
        assert!(usize::from(first) + usize::from(second) + more <= 2, "more than the burst at once");
    });
}

pub fn what_is_given_back_is_neither_lost_nor_doubled() {
    explore(|| {
        let now = epoch();
        let limit = RateLimit::new(1, SECOND).resolve().expect("there is a limit");
        let limiter = Arc::new(Limiter::new(now));
        let [one, two, three] = [&limiter, &limiter, &limiter].map(Arc::clone);
        let (first, second, ()) = race(
            move || one.take(&limit, now).is_ok(),
            move || two.take(&limit, now).is_ok(),
            move || {
                if let Ok(permit) = three.take(&limit, now) {
                    three.give_back(permit);
                }
            },
        );
        assert!(!(first && second), "two at once");
        assert_eq!(limiter.take(&limit, now).is_ok(), !first && !second);
    });
}
