//! One test for each model, named after the requirements that it stands for.

use pynector_loom::{breaker, budget, limiter, session, shelf};

#[test]
fn con_2_two_failures_and_a_probe_in_any_order() {
    breaker::two_failures_and_a_probe();
}

#[test]
fn brk_2_no_failure_is_lost() {
    breaker::no_failure_is_lost();
}

#[test]
fn brk_3_three_race_for_one_probe() {
    breaker::three_race_for_one_probe();
}

#[test]
fn brk_4_a_dropped_probe_gives_its_slot_back() {
    breaker::a_dropped_probe_gives_its_slot_back();
}

#[test]
fn brk_5_7_a_lease_ends_while_its_probe_succeeds() {
    breaker::a_lease_ends_while_its_probe_succeeds();
}

#[test]
fn bud_1_two_withdraw_and_one_deposits() {
    budget::two_withdraw_and_one_deposits();
}

#[test]
fn bud_1_two_deposit_into_a_slot_of_the_past() {
    budget::two_deposit_into_a_slot_of_the_past();
}

#[test]
fn bud_1_a_slot_ends_while_it_is_counted() {
    budget::a_slot_ends_while_it_is_counted();
}

#[test]
fn bud_4_what_is_refunded_is_granted_again_and_never_twice() {
    budget::what_is_refunded_is_granted_again_and_never_twice();
}

#[test]
fn rtl_1_one_of_three_goes() {
    limiter::one_of_three_goes();
}

#[test]
fn rtl_2_what_is_given_back_is_neither_lost_nor_doubled() {
    limiter::what_is_given_back_is_neither_lost_nor_doubled();
}

#[test]
fn rtl_2_what_is_given_back_beside_another_is_not_doubled() {
    limiter::what_is_given_back_beside_another_is_not_doubled();
}

#[test]
fn no_call_is_inside_after_a_disconnect() {
    session::no_call_is_inside_after_a_disconnect();
}

#[test]
fn the_door_stands_as_the_session_does() {
    session::the_door_stands_as_the_session_does();
}

#[test]
fn two_take_what_is_there_once() {
    shelf::two_take_what_is_there_once();
}

#[test]
fn no_more_are_kept_than_may_be() {
    shelf::no_more_are_kept_than_may_be();
}

#[test]
fn what_is_put_back_beside_a_look_is_found() {
    shelf::what_is_put_back_beside_a_look_is_found();
}

#[test]
fn what_is_let_go_makes_room() {
    shelf::what_is_let_go_makes_room();
}
