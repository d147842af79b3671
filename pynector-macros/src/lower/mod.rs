//! The door of traits: `ItemTrait` → the model, and the trait as the user will see it.

mod attrs;
pub(crate) mod callable;
pub(crate) mod error;
mod lifetimes;
mod obstacle;
mod param;
mod signature;
pub(crate) mod structs;
mod twins;
mod variants;

pub(crate) use attrs::{allowed, hidden, named};
pub(crate) use obstacle::is_sized;
pub(crate) use signature::{Answer, future, promise};

use std::mem;

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::quote;
use syn::{Attribute, Generics, ItemTrait, LitStr, Signature, TraitItem, TraitItemConst, TraitItemFn};

use self::callable::Callable;
use crate::attr::verb::{self, Above, Kinship, VERBS, Verb};
use crate::attr::{place, stream};
use crate::diagnostics::Diagnostics;
use crate::model::{Api, Operation, Param, Pathless, Place, Prefix, Template};
use crate::{attr, check, names, parse};

/// A trait that was read.
pub(crate) struct ApiTrait {
    /// The trait without our attributes, its async methods already written as futures.
    pub(crate) item: ItemTrait,
    pub(crate) api: Api,
    pub(crate) client: Ident,
    pub(crate) methods: Vec<Method>,
    /// Every method, with a verb or with a body, for the twins; none where there are no twins.
    pub(crate) callables: Vec<Callable>,
}

/// A method that the client implements, or the version of one for certain conditions.
#[derive(Clone)]
pub(crate) struct Method {
    /// As it was written; its parameters carry only what an impl may repeat.
    pub(crate) signature: Signature,
    /// The parameters, in their parentheses.
    pub(crate) inputs: Group,
    /// `cfg`, for everything that is generated for the method.
    pub(crate) cfg: Vec<Attribute>,
    /// `allow`, for the method in the impl.
    pub(crate) lints: Vec<Attribute>,
    /// The word in the return type that errors about the type point at.
    pub(crate) output: Span,
    /// Whether the client can say which future it gives.
    pub(crate) is_named: bool,
    /// `None` if the method is mistaken: a stand-in takes its place.
    pub(crate) operation: Option<Operation>,
}

/// Reads the attribute and the trait; an `Err` only if the item is no trait.
pub(crate) fn api(attr: TokenStream, item: TokenStream, errors: &Diagnostics) -> syn::Result<ApiTrait> {
    let mut item: ItemTrait = match parse::item_trait(item.clone()) {
        Ok(item) => item,
        Err(error) => return Err(not_a_trait(item).unwrap_or(error)),
    };
    let api = attr::api::parse(attr::ungroup(attr), errors);
    check::settings::check(&api.settings, errors);
    modifiers(&mut item, errors);
    let client = client(&api, &item, errors);
    let name = names::plain(&item.ident);
    constants(&item, errors);
    let door = Door { name: &name, generics: &item.generics, api: &api, errors };
    let (types, mut callables) = (callable::types(&item), Vec::new());
    let read = |item: &mut TraitItem| {
        if !api.twins.any() {
            return door.item(item);
        }
        let (written, mark) = (item.clone(), errors.mark());
        let method = door.item(item);
        callables.extend(Callable::read(&written, item, &types, errors.failed_since(mark)));
        method
    };
    let methods: Vec<Method> = item.items.iter_mut().filter_map(read).collect();
    check::groups::check(methods.iter().filter_map(|method| method.operation.as_ref()), errors);
    twins::check(&api, &item, &client, &mut callables, errors);
    let callables = callables.into_iter().flat_map(variants::of_callable).collect();
    let methods = methods.into_iter().flat_map(|method| variants::of(method, &item.generics)).collect();
    Ok(ApiTrait { item, api, client, methods, callables })
}

/// The error for another kind of item, at its keyword.
fn not_a_trait(item: TokenStream) -> Option<syn::Error> {
    const KINDS: [&str; 10] =
        ["trait", "struct", "enum", "union", "impl", "fn", "mod", "type", "const", "static"];
    let keyword = item.into_iter().find_map(|token| match token {
        TokenTree::Ident(ident) if KINDS.iter().any(|kind| ident == kind) => Some(ident),
        _ => None,
    })?;
    if keyword == "trait" {
        return None;
    }
    Some(syn::Error::new(
        keyword.span(),
        format!("`#[pynector::api]` belongs on a trait, not on `{keyword}`"),
    ))
}

fn modifiers(item: &mut ItemTrait, errors: &Diagnostics) {
    if let Some(token) = item.unsafety.take() {
        errors.error(token.span, "nothing about the client is unsafe: leave `unsafe` out");
    }
    if let Some(token) = item.modifiers.auto_token.take() {
        errors.error(token.span, "an auto trait has no methods: leave `auto` out");
    }
}

fn client(api: &Api, item: &ItemTrait, errors: &Diagnostics) -> Ident {
    match &api.client {
        Some(client) if *client == item.ident => {
            errors.error(
                client.span(),
                format!(
                    "`{client}` is the trait: the client needs a name of its own, such as `{client}Client`"
                ),
            );
            names::client(&item.ident)
        }
        Some(client) => client.clone(),
        None => names::client(&item.ident),
    }
}

/// Refuses a constant that the client has of its own.
fn constants(item: &ItemTrait, errors: &Diagnostics) {
    for item in &item.items {
        let TraitItem::Const(TraitItemConst { ident, .. }) = item else { continue };
        if ident == "OPERATIONS" {
            errors.error(
                ident.span(),
                "the client has `OPERATIONS` of its own, which hides this one: rename it",
            );
        }
    }
}

/// Where errors about the return type of a method point, and its operation, unless something is wrong with it.
type Reading = (Span, Option<Operation>);

/// What the items of one trait are read with.
struct Door<'a> {
    name: &'a str,
    generics: &'a Generics,
    api: &'a Api,
    errors: &'a Diagnostics,
}

impl Door<'_> {
    /// Reads one item and rewrites it in place; gives what the client must implement.
    fn item(&self, item: &mut TraitItem) -> Option<Method> {
        match item {
            TraitItem::Fn(method) => {
                let read = self.method(method)?;
                self.lowered(item, read)
            }
            TraitItem::Const(item) if item.default.is_none() => {
                let message =
                    format!("the client has no value for `{0}`: write `const {0}: .. = ..;`", item.ident);
                self.errors.error(item.ident.span(), message);
                None
            }
            TraitItem::Type(item) if item.default.is_none() => {
                let message =
                    format!("the client has no type for `{0}`: write `type {0} = ..;` with one", item.ident);
                self.errors.error(item.ident.span(), message);
                None
            }
            _ => None,
        }
    }

    fn method(&self, item: &mut TraitItemFn) -> Option<Reading> {
        let errors = self.errors;
        let mark = errors.mark();
        attr::ungroup_all(&mut item.attrs);
        param::ungroup(&mut item.sig.inputs);
        let prefix = self.api.prefix.as_ref().map_or(&[][..], |prefix| &prefix.params);
        if let Some(message) = names::hidden(&names::plain(&item.sig.ident), prefix) {
            errors.error(item.sig.ident.span(), message);
        }
        let verbs = take_verbs(item);
        let beside = take_streams(item, errors);
        let slipped = refuse_slips(item, verbs.is_empty(), errors);
        let Some((verb, others)) = verbs.split_first() else {
            return self.without_verb(item, &beside, slipped);
        };
        for other in others {
            let span = other.path().get_ident().map_or_else(Span::call_site, Ident::span);
            errors.error(span, "a method sends one request: leave one of the two verbs out");
        }
        if item.default.is_some() {
            let span = verb.path().get_ident().map_or_else(Span::call_site, Ident::span);
            let message = format!("`{}` has a verb and a body: leave one of them out", item.sig.ident);
            errors.error(span, message);
        }
        let verb = verb::parse(verb, &beside, Above::Method, errors);
        let output = signature::check(&mut item.sig, &self.api.krate, errors);
        let (params, complete) = param::all(&mut item.sig.inputs, errors);
        let name = format!("{}::{}", self.name, names::plain(&item.sig.ident));
        let operation = operation(name, verb, (params, complete), self.api.prefix.as_ref(), errors);
        variants::check(&item.sig, &operation, errors);
        check::body::inherited(&operation, &self.api.settings, errors);
        check::repetition::inherited(&operation, &self.api.settings, errors);
        let operation = Some(operation).filter(|_| !errors.failed_since(mark));
        Some((output, operation))
    }

    /// A helper with a body stays as it is; without one, the method means nothing.
    fn without_verb(&self, item: &mut TraitItemFn, beside: &[Attribute], slipped: bool) -> Option<Reading> {
        if !slipped && item.default.is_some() {
            stream::misplaced(beside, "a method with a body is none, so leave it out here", self.errors);
            param::refuse_places(&mut item.sig.inputs, self.errors);
            if item.sig.asyncness.is_some() {
                signature::into_future(item);
                drop_bare_must_use(&mut item.attrs);
            }
            return None;
        }
        if !slipped && !beside.is_empty() {
            stream::misplaced(beside, "write the verb too, as in `#[get(\"/path\")]`", self.errors);
        } else if !slipped {
            let name = &item.sig.ident;
            let message = format!(
                "`{name}` has neither a verb nor a body: write `#[get(\"/path\")]` above it, or a body"
            );
            self.errors.error(name.span(), message);
        }
        param::strip(&mut item.sig.inputs);
        Some((signature::output_span(&item.sig), None))
    }

    /// Rewrites the method into its final form and takes what the impl needs.
    fn lowered(&self, item: &mut TraitItem, (output, operation): Reading) -> Option<Method> {
        let TraitItem::Fn(method) = item else { return None };
        if method.sig.asyncness.is_some() {
            drop_bare_must_use(&mut method.attrs);
        }
        let (cfg, lints) = (named(&method.attrs, &["cfg"]), allowed(&method.attrs));
        allow_many_parameters(method);
        let is_named = lifetimes::are_shown(&method.sig, self.generics);
        if operation.is_some() && !self.api.twins.any() && !param::has_attributes(&method.sig.inputs) {
            // The same in the trait and in the impl: they become tokens once (record 0228).
            let inputs = signature::inputs(&method.sig);
            let tokens = signature::of_trait(method, &inputs);
            let TraitItem::Fn(method) = mem::replace(item, TraitItem::Verbatim(tokens)) else { return None };
            return Some(Method { signature: method.sig, inputs, cfg, lints, output, is_named, operation });
        }
        let mut signature = method.sig.clone();
        param::keep_lints(&mut signature.inputs);
        signature::into_future(method);
        Some(Method {
            inputs: signature::inputs(&signature),
            signature,
            cfg,
            lints,
            output,
            is_named,
            operation,
        })
    }
}

/// The operation of a verb and its parameters, for both doors; what is wrong with it is reported.
fn operation(
    name: String,
    verb: Verb,
    (params, complete): (Vec<Param>, bool),
    prefix: Option<&Prefix>,
    errors: &Diagnostics,
) -> Operation {
    let mut operation = Operation {
        name,
        method: verb.method,
        template: verb.template,
        pathless: verb.pathless,
        params,
        complete,
        idempotent: verb.idempotent,
        idempotency_key: verb.idempotency_key,
        settings: verb.settings,
        stream: verb.stream,
    };
    if let Some(prefix) = prefix {
        put_before(prefix, &mut operation, errors);
    }
    if let Some(Pathless { at, .. }) = operation.pathless.as_ref().filter(|_| operation.has_url()) {
        operation.template =
            Some(Template { literal: LitStr::new("", *at), names: Vec::new(), optional: Vec::new() });
    }
    check::operation(&operation, errors);
    operation
}

/// Puts the prefix before the path, and leaves only the names that the method itself must fill.
fn put_before(prefix: &Prefix, operation: &mut Operation, errors: &Diagnostics) {
    let of_prefix = |name: &String| prefix.params.iter().any(|param| *name == names::plain(param));
    if let Some(template) = &mut operation.template {
        template.literal = prefix.join(&template.literal);
        template.names.retain(|name| !of_prefix(name));
    }
    for param in &mut operation.params {
        if let Place::Implicit(name) | Place::Path { name, .. } = &param.place
            && of_prefix(name)
        {
            let message = format!(
                "the prefix fills `{{{name}}}` in every path: leave the parameter out, and choose its value with \
                 `with_{name}`; for another place, mark it `#[query]` or `#[header(\"..\")]`"
            );
            errors.error(param.at, message);
            param.place = Place::Mistaken;
        }
    }
}

/// Takes what stands beside a verb off a method; what is misspelled is reported.
fn take_streams(item: &mut TraitItemFn, errors: &Diagnostics) -> Vec<Attribute> {
    item.attrs
        .extract_if(.., |attr| stream::slip(attr).is_some())
        .for_each(|slip| stream::refuse(&slip, errors));
    item.attrs.extract_if(.., |attr| stream::is_one(attr)).collect()
}

fn take_verbs(item: &mut TraitItemFn) -> Vec<Attribute> {
    item.attrs.extract_if(.., |attr| matches!(verb::kinship(attr), Kinship::Verb)).collect()
}

/// Reports misspelled verbs, and says whether there were any.
fn refuse_slips(item: &mut TraitItemFn, without_verb: bool, errors: &Diagnostics) -> bool {
    // Without a verb and without a body, an attribute that looks like a verb can be meant for nothing else.
    let bare = without_verb && item.default.is_none();
    let conditional: Vec<_> =
        item.attrs.iter().filter_map(|attr| attrs::helper_in_cfg_attr(attr, &[])).collect();
    for word in &conditional {
        let message =
            "a method is sent or not, whatever holds: write it twice, each time with its verb and a `cfg`";
        errors.error(word.span(), message);
    }
    item.attrs.retain(|attr| attrs::helper_in_cfg_attr(attr, &[]).is_none());
    let slips = item.attrs.extract_if(.., |attr| match verb::kinship(attr) {
        Kinship::Slip(_) | Kinship::Place => true,
        Kinship::Lookalike => bare,
        Kinship::Verb | Kinship::Stranger => false,
    });
    slips.map(|slip| verb::refuse(&slip, errors)).count() > 0 || !conditional.is_empty()
}

/// A future is `must_use` by itself; saying so twice is a lint. A reason is kept.
fn drop_bare_must_use(attrs: &mut Vec<Attribute>) {
    attrs.retain(|attr| !(attr.path().is_ident("must_use") && matches!(attr.meta, syn::Meta::Path(_))));
}

/// The server decides how many parameters a request has; clippy would have them in a struct. Its limit counts `self`.
fn allow_many_parameters(item: &mut TraitItemFn) {
    let attrs = &item.attrs;
    if item.sig.inputs.len() > 7 && !quote!(#(#attrs)*).to_string().contains("too_many_arguments") {
        item.attrs.push(syn::parse_quote!(#[allow(clippy::too_many_arguments)]));
    }
}

/// Every attribute that this macro gives a meaning to, for an item that could not be read.
pub(crate) fn is_helper(name: &str) -> bool {
    VERBS.contains(&name) || name == "http" || place::PLACES.contains(&name) || stream::NAMES.contains(&name)
}
