//! Which lifetimes of a method its parameters show.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{FnArg, GenericArgument, Generics, PathArguments, PathSegment, ReceiverKind, Signature, Type};

/// Whether the parameters show every lifetime of the method.
///
/// The compiler does not look into associated types: a lifetime that stands nowhere else has to stand in what the method
/// gives, or the method of the client would be another one than the trait's.
pub(super) fn are_shown(signature: &Signature, of_trait: &Generics) -> bool {
    let own = &signature.generics;
    let projected = own.type_params().chain(of_trait.type_params()).map(|param| &param.ident).collect();
    let mut shown = Shown { projected, named: Vec::new(), all: true };
    for input in &signature.inputs {
        match input {
            FnArg::Receiver(receiver) => {
                if let ReceiverKind::Reference(_, Some(lifetime), _) = &receiver.kind {
                    shown.named.push(lifetime.ident.clone());
                }
            }
            FnArg::Typed(typed) => shown.look_at(&typed.ty),
        }
    }
    shown.all && own.lifetimes().all(|param| shown.named.contains(&param.lifetime.ident))
}

/// What was seen of the lifetimes of parameters.
struct Shown<'a> {
    /// The types of which a path may be an associated type, beside `Self`.
    projected: Vec<&'a Ident>,
    named: Vec<Ident>,
    /// Whether no lifetime without a name is hidden.
    all: bool,
}

impl Shown<'_> {
    fn look_at(&mut self, ty: &Type) {
        match ty {
            Type::Path(path) if path.qself.is_some() => self.all &= !hides(path.to_token_stream()),
            Type::Path(path) => {
                let segments = &path.path.segments;
                if segments.len() > 1 && segments.first().is_some_and(|first| self.is_projected(first)) {
                    self.all &= !hides(path.to_token_stream());
                } else {
                    segments.iter().for_each(|segment| self.look_at_arguments(&segment.arguments));
                }
            }
            Type::Reference(reference) => {
                self.named.extend(reference.lifetime.iter().map(|lifetime| lifetime.ident.clone()));
                self.look_at(&reference.elem);
            }
            Type::Slice(slice) => self.look_at(&slice.elem),
            Type::Array(array) => self.look_at(&array.elem),
            Type::Tuple(tuple) => tuple.elems.iter().for_each(|ty| self.look_at(ty)),
            Type::Paren(inner) => self.look_at(&inner.elem),
            Type::Group(inner) => self.look_at(&inner.elem),
            // What a macro makes is not known here, and bounds are rare.
            other => self.all &= !hides(other.to_token_stream()),
        }
    }

    fn is_projected(&self, first: &PathSegment) -> bool {
        first.ident == "Self" || self.projected.contains(&&first.ident)
    }

    fn look_at_arguments(&mut self, arguments: &PathArguments) {
        let PathArguments::AngleBracketed(list) = arguments else { return };
        for argument in &list.args {
            match argument {
                GenericArgument::Lifetime(lifetime) => self.named.push(lifetime.ident.clone()),
                GenericArgument::Type(ty) => self.look_at(ty),
                other => self.all &= !hides(other.to_token_stream()),
            }
        }
    }
}

/// Whether there is a lifetime without a name.
fn hides(tokens: TokenStream) -> bool {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let hidden = match (token, tokens.peek()) {
            (TokenTree::Punct(and), next) if and.as_char() == '&' => {
                !matches!(next, Some(TokenTree::Punct(tick)) if tick.as_char() == '\'')
            }
            (TokenTree::Punct(tick), Some(TokenTree::Ident(name))) => tick.as_char() == '\'' && name == "_",
            (TokenTree::Group(group), _) => hides(group.stream()),
            _ => false,
        };
        if hidden {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use syn::{ItemTrait, TraitItemFn, parse_str};

    use super::are_shown;

    fn shown(method: &str) -> bool {
        let item: ItemTrait = parse_str("trait Api<'t, K: Keys> {}").unwrap();
        let method: TraitItemFn = parse_str(&format!("{method} -> R;")).unwrap();
        are_shown(&method.sig, &item.generics)
    }

    #[test]
    fn what_stands_in_references_and_paths_is_shown() {
        for method in [
            "async fn a(&self)",
            "async fn a(&self, b: &str, c: Cow<'_, str>, d: &'static str)",
            "async fn a<'a>(&'a self, b: Self::Key)",
            "async fn a<'a>(&self, b: &'a (u8, [&[u8]; 2]))",
            "async fn a<'a, 'b>(&self, b: std::borrow::Cow<'a, B<&'b str>>, c: &'t str)",
            "async fn a(&self, b: &Self::Key, c: K::Key<u8>, d: &<K as Keys>::Key)",
            "async fn a<'a>(&'a self, b: Self::Key<'a>, c: K::Key<&'t str>)",
            "async fn a(&self, b: impl Display, c: &(dyn Display + Sync), d: [u8; { 2 }])",
        ] {
            assert!(shown(method), "{method}");
        }
    }

    #[test]
    fn what_stands_in_an_associated_type_or_in_bounds_alone_is_not() {
        for method in [
            "async fn a<'a>(&self)",
            "async fn a(&self, b: Self::Key<'_>)",
            "async fn a(&self, b: Option<&[Self::Key<'_>]>)",
            "async fn a<'a>(&self, b: Self::Key<'a>)",
            "async fn a(&self, b: K::Key<'_>)",
            "async fn a(&self, b: K::Key<&str>)",
            "async fn a<T: Keys>(&self, b: T::Key<'_>)",
            "async fn a(&self, b: <u8 as Keys>::Key<'_>)",
            "async fn a<'a>(&self, b: impl Display + 'a)",
            "async fn a(&self, b: made!(&))",
        ] {
            assert!(!shown(method), "{method}");
        }
    }
}
