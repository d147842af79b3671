//! Whether the twins that were asked for can be: their names, and what each of them does with every method.

use proc_macro2::Ident;
use syn::ItemTrait;

use super::callable::{Callable, Reach};
use crate::diagnostics::Diagnostics;
use crate::model::Api;
use crate::names;

/// Decides what the twins do with each method, and reports what they cannot.
pub(super) fn check(
    api: &Api,
    item: &ItemTrait,
    client: &Ident,
    callables: &mut [Callable],
    errors: &Diagnostics,
) {
    for callable in &mut *callables {
        callable.judge(&api.twins, &item.ident, errors);
    }
    client_name(api, item, client, errors);
    if api.twins.blocking {
        blocking_names(item, callables, errors);
    }
    if api.twins.mock.is_some() {
        mock_names(item, callables, errors);
    }
}

/// The client stands beside its twins.
fn client_name(api: &Api, item: &ItemTrait, client: &Ident, errors: &Diagnostics) {
    let trait_name = &item.ident;
    let twins = [
        api.twins.dynamic.then(|| ("dyn", names::dynamic(trait_name))),
        api.twins.blocking.then(|| ("blocking", names::blocking(trait_name))),
        api.twins.mock.map(|_| ("mock", names::mock(trait_name))),
    ];
    if let Some((key, _)) = twins.into_iter().flatten().find(|(_, twin)| twin == client) {
        let message = format!("`{key}` makes a struct `{client}`: give the client another name");
        errors.error(client.span(), message);
    }
}

/// The methods of the trait stand beside the constructors.
fn blocking_names(item: &ItemTrait, callables: &[Callable], errors: &Diagnostics) {
    let twin = names::blocking(&item.ident);
    for name in callables.iter().filter(|callable| callable.is_called_on_a_value()).map(Callable::name) {
        if names::OF_BLOCKING.contains(&&*names::plain(name)) {
            let message = format!(
                "`{twin}` has a function `{name}` of its own: rename this one, or leave `blocking` out"
            );
            errors.error(name.span(), message);
        }
    }
}

/// What the mock has of its own would hide a method of the trait, or exist twice.
fn mock_names(item: &ItemTrait, callables: &[Callable], errors: &Diagnostics) {
    let twin = names::mock(&item.ident);
    let mut mocked: Vec<&Ident> =
        callables.iter().filter(|callable| callable.mock == Reach::Forward).map(Callable::name).collect();
    // One name may stand for two methods, of which a `cfg` leaves one.
    mocked.sort();
    mocked.dedup();
    let mut taken: Vec<String> = names::OF_MOCK.map(str::to_owned).to_vec();
    for name in mocked {
        for own in [names::expect(name), names::calls(name)].map(|own| own.to_string()) {
            if taken.contains(&own) {
                let message = format!("`{twin}` would have two methods `{own}`: rename this method");
                errors.error(name.span(), message);
            }
            taken.push(own);
        }
    }
    for name in callables.iter().map(Callable::name) {
        if taken.contains(&names::plain(name)) {
            let message = format!(
                "`{twin}` has a method `{name}` of its own, which hides this one: rename it, or leave `mock` out"
            );
            errors.error(name.span(), message);
        }
    }
}
