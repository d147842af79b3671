//! Models of the idle connections of one host: taken, put back and looked at by several threads at once.

use loom::sync::Arc;

use crate::shelves::Shelf;
use crate::{explore, race};

fn shelf(most: usize, things: &[u8]) -> [Arc<Shelf<u8>>; 4] {
    let shelf = Arc::new(Shelf::new(most));
    // loom does not know of what the standard library makes once: the row is there before anybody races.
    assert!(shelf.put(Box::new(0)) && shelf.take().is_some());
    assert!(things.iter().all(|thing| shelf.put(Box::new(*thing))));
    [&shelf, &shelf, &shelf, &shelf].map(Arc::clone)
}

/// Whatever was done with it, there is room for as many as may be, and each of them is there once.
fn assert_whole(shelf: &Shelf<u8>, most: u8) {
    while shelf.take().is_some() {}
    assert!((0..most).all(|thing| shelf.put(Box::new(thing))), "room is lost");
    assert!(!shelf.put(Box::new(most)), "there is more room than may be");
    assert!((0..most).all(|thing| shelf.take() == Some(Box::new(thing))) && shelf.take().is_none());
}

pub fn two_take_what_is_there_once() {
    explore(|| {
        let [one, two, three, shelf] = shelf(2, &[7]);
        let (first, second, ()) = race(
            move || one.take(),
            move || two.take(),
            move || {
                three.retain(|thing| *thing == 7);
            },
        );
        let left = shelf.take();
        let taken = [first, second, left].into_iter().flatten().collect::<Vec<_>>();
        assert_eq!(taken, [Box::new(7)], "one has it, or it is still there");
        assert_whole(&shelf, 2);
    });
}

pub fn no_more_are_kept_than_may_be() {
    explore(|| {
        let [one, two, three, shelf] = shelf(1, &[]);
        let (first, second, taken) =
            race(move || one.put(Box::new(1)), move || two.put(Box::new(2)), move || three.take());
        assert!(shelf.len() <= 1 && (first || second));
        let left = shelf.take();
        let came = usize::from(first) + usize::from(second);
        assert_eq!(
            came,
            usize::from(taken.is_some()) + usize::from(left.is_some()),
            "what was kept is there"
        );
        assert!(taken.is_none() || taken != left, "each is there once");
        assert_whole(&shelf, 1);
    });
}

pub fn what_is_put_back_beside_a_look_is_found() {
    explore(|| {
        let [one, two, shelf, _] = shelf(2, &[1, 2]);
        race(
            move || one.take().is_some_and(|thing| one.put(thing)),
            move || two.retain(|thing| *thing == 1),
            || {},
        );
        let mut left: Vec<_> = std::iter::from_fn(|| shelf.take()).collect();
        left.sort_unstable();
        assert!(left.contains(&Box::new(1)) && left.len() <= 2, "{left:?}");
        assert_whole(&shelf, 2);
    });
}

pub fn what_is_let_go_makes_room() {
    explore(|| {
        let [one, two, three, shelf] = shelf(1, &[2]);
        let ((), kept, taken) =
            race(move || one.retain(|thing| *thing == 1), move || two.put(Box::new(1)), move || three.take());
        let found = [taken, shelf.take()].into_iter().flatten().filter(|thing| **thing == 1).count();
        assert_eq!(found, usize::from(kept), "what was kept is there once");
        assert_whole(&shelf, 1);
    });
}
