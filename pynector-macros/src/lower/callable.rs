//! What the twins of a client need of each method, with a verb or with a body, and what keeps them from passing it on.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident};
use syn::parse::Parse;
use syn::spanned::Spanned;
use syn::{Attribute, Block, FnArg, ItemTrait, Pat, ReturnType, Signature, TraitItem, Type, parse_quote};

use super::obstacle::{Obstacle, lent, names_sized, obstacle, receiver};
use super::{allowed, named, param, signature};
use crate::diagnostics::Diagnostics;
use crate::model::Twins;
use crate::names;

/// A method of the trait, as its twins need it.
#[derive(Clone)]
pub(crate) struct Callable {
    /// As in the trait, but every parameter is one name.
    pub(crate) signature: Signature,
    /// The names of the parameters.
    pub(crate) names: Vec<Ident>,
    /// What the body makes of parameters that are more than a name.
    pub(crate) patterns: Vec<(Pat, Ident)>,
    /// What the future of an async method gives.
    pub(crate) output: Option<Type>,
    pub(crate) body: Option<Block>,
    /// `cfg`, `doc` and `deprecated`.
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) lints: Vec<Attribute>,
    /// Whether an error about it was reported.
    pub(crate) mistaken: bool,
    pub(crate) dynamic: Reach,
    pub(crate) mock: Reach,
}

/// What a twin does with a method.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Reach {
    /// Passes it on.
    Forward,
    /// Leaves it to the body in the trait.
    Own,
    /// Nothing: the mistake is reported, and a stand-in takes its place.
    StandIn,
}

impl Callable {
    /// Takes a method as it was written and as it became; `mistaken` if an error about it was reported.
    pub(super) fn read(
        written: &TraitItem,
        item: &TraitItem,
        types: &[(Ident, Type)],
        mistaken: bool,
    ) -> Option<Self> {
        let (TraitItem::Fn(written), TraitItem::Fn(item)) = (written, item) else { return None };
        let output = written.sig.asyncness.map(|_| match &written.sig.output {
            ReturnType::Type(_, ty) => known(&**ty, types),
            ReturnType::Default => parse_quote!(()),
        });
        let mut signature = known(&item.sig, types);
        let (names, patterns) = plain_parameters(&mut signature);
        let reach = match (mistaken, item.default.is_some()) {
            (false, _) => Reach::Forward,
            (true, true) => Reach::Own,
            (true, false) => Reach::StandIn,
        };
        Some(Self {
            signature,
            names,
            patterns,
            output,
            body: written.default.clone(),
            attrs: named(&item.attrs, &["cfg", "doc", "deprecated"]),
            lints: allowed(&item.attrs),
            mistaken,
            dynamic: reach,
            mock: reach,
        })
    }

    /// Decides what each twin does with the method, and reports what none can.
    pub(super) fn judge(&mut self, twins: &Twins, api: &Ident, errors: &Diagnostics) {
        if self.dynamic != Reach::Forward {
            return;
        }
        let obstacle = obstacle(&self.signature, self.output.as_ref());
        let lent = || lent(&self.signature, self.output.as_ref());
        let (dynamic, mock) = (twins.dynamic, twins.mock.is_some());
        let (who, obstacle) = match obstacle {
            Some(obstacle) if dynamic => (names::dynamic(api), obstacle),
            Some(obstacle) if mock => (names::mock(api), obstacle),
            None if mock => match lent() {
                Some(lent) => (names::mock(api), lent),
                None => return,
            },
            _ => return,
        };
        let reach = self.around(&who, &obstacle, errors);
        self.mock = reach;
        if who == names::dynamic(api) {
            self.dynamic = reach;
        }
    }

    /// A body serves where the user says so; a request cannot be sent without knowing what it sends.
    fn around(&self, who: &Ident, obstacle: &Obstacle, errors: &Diagnostics) -> Reach {
        let Obstacle { span, why, advice } = obstacle;
        if self.body.is_some() && self.signature.generics.where_clause.iter().any(names_sized) {
            return Reach::Own;
        }
        let or = match self.body {
            Some(_) => "; or add `where Self: Sized`, and the body here serves",
            None => "",
        };
        errors.error(*span, format!("`{who}` cannot pass this on, since {why}: {advice}{or}"));
        if self.body.is_some() { Reach::Own } else { Reach::StandIn }
    }

    pub(crate) fn name(&self) -> &Ident {
        &self.signature.ident
    }

    /// Whether it is called on a reference, as requests are.
    pub(crate) fn is_called_on_a_value(&self) -> bool {
        receiver(&self.signature).is_none()
    }

    /// What a caller waits for: the type in the future of an async method, else the return type.
    pub(crate) fn answer(&self) -> Type {
        match (&self.output, &self.signature.output) {
            (Some(output), _) => output.clone(),
            (None, ReturnType::Type(_, ty)) => (**ty).clone(),
            (None, ReturnType::Default) => parse_quote!(()),
        }
    }

    /// `cfg`, for everything that is generated for the method.
    pub(crate) fn cfg(&self) -> Vec<Attribute> {
        named(&self.attrs, &["cfg"])
    }

    /// What code that calls the method needs: its `cfg`, the user's lints, and leave to call what is deprecated.
    pub(crate) fn inner_attrs(&self) -> Vec<Attribute> {
        let mut attrs = self.cfg();
        attrs.extend(self.lints.iter().cloned());
        if !named(&self.attrs, &["deprecated"]).is_empty() {
            attrs.push(parse_quote!(#[allow(deprecated)]));
        }
        attrs
    }
}

/// The associated types of a trait and what each is; without those that are families of types, or not always there.
pub(crate) fn types(item: &ItemTrait) -> Vec<(Ident, Type)> {
    let types = item.items.iter().filter_map(|item| match item {
        TraitItem::Type(item)
            if item.generics.params.is_empty() && named(&item.attrs, &["cfg"]).is_empty() =>
        {
            Some((item.ident.clone(), item.default.clone()?.1))
        }
        _ => None,
    });
    types.collect()
}

/// The same with `Self::Item` replaced by what it is: where a twin has no type parameter, `Self` says nothing.
fn known<T: Clone + Parse + ToTokens>(part: &T, types: &[(Ident, Type)]) -> T {
    if types.is_empty() {
        return part.clone();
    }
    syn::parse2(replaced(part.to_token_stream(), types)).unwrap_or_else(|_| part.clone())
}

fn replaced(tokens: TokenStream, types: &[(Ident, Type)]) -> TokenStream {
    let mut output = TokenStream::new();
    let mut rest = tokens.into_iter();
    while let Some(token) = rest.next() {
        let mut ahead = rest.clone();
        let colons = (ahead.next(), ahead.next());
        let colon = |token: &Option<TokenTree>| matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == ':');
        let name = match ahead.next() {
            Some(TokenTree::Ident(name)) if colon(&colons.0) && colon(&colons.1) => Some(name),
            _ => None,
        };
        match token {
            TokenTree::Ident(word) if word == "Self" => {
                match types.iter().find(|(known, _)| Some(known) == name.as_ref()) {
                    Some((_, ty)) => {
                        ty.to_tokens(&mut output);
                        rest = ahead;
                    }
                    None => output.extend([TokenTree::Ident(word)]),
                }
            }
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), replaced(group.stream(), types));
                inner.set_span(group.span());
                output.extend([TokenTree::Group(inner)]);
            }
            token => output.extend([token]),
        }
    }
    output
}

/// Gives every parameter one name, and what else was there.
fn plain_parameters(signature: &mut Signature) -> (Vec<Ident>, Vec<(Pat, Ident)>) {
    let (mut names, mut patterns) = (Vec::new(), Vec::new());
    param::keep_lints(&mut signature.inputs);
    for (position, input) in signature.inputs.iter_mut().enumerate() {
        let FnArg::Typed(typed) = input else { continue };
        let name = match &*typed.pat {
            Pat::Ident(pat) if pat.by_ref.is_none() && pat.subpat.is_none() => pat.ident.clone(),
            _ => format_ident!("parameter{}", position, span = Span::mixed_site()),
        };
        let plain: Pat = parse_quote!(#name);
        let pattern = std::mem::replace(&mut *typed.pat, plain);
        if !matches!(&pattern, Pat::Ident(pat) if pat.mutability.is_none() && pat.ident == name)
            && !matches!(pattern, Pat::Wild(_))
        {
            patterns.push((pattern, name.clone()));
        }
        names.push(name);
    }
    (names, patterns)
}

/// The word in a type that errors about it point at.
pub(crate) fn anchor(callable: &Callable) -> Span {
    match &callable.output {
        Some(ty) => signature::anchor(ty),
        None => callable.signature.output.span(),
    }
}
