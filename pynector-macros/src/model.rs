//! What the attributes say, as plain data: no parsing, no output, the same for every door.

mod settings;
mod stream;

use proc_macro2::{Ident, Span};
use syn::{LitStr, Member, Path, Type};

pub(crate) use self::settings::*;
pub(crate) use self::stream::*;

/// A value and where it was written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spanned<T> {
    pub(crate) value: T,
    pub(crate) span: Span,
}

/// What `#[pynector::api(..)]` says.
pub(crate) struct Api {
    /// Where pynector is found.
    pub(crate) krate: Path,
    pub(crate) client: Option<Ident>,
    pub(crate) base_url: Option<BaseUrl>,
    pub(crate) prefix: Option<Prefix>,
    pub(crate) twins: Twins,
    pub(crate) settings: Settings,
}

/// The structs beside the client that were asked for, each by its key.
#[derive(Default)]
pub(crate) struct Twins {
    pub(crate) dynamic: bool,
    pub(crate) blocking: bool,
    pub(crate) mock: Option<Mock>,
}

impl Twins {
    pub(crate) fn any(&self) -> bool {
        self.dynamic || self.blocking || self.mock.is_some()
    }
}

/// Where the mock stands.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Mock {
    InTests,
    Always,
}

/// The key `base_url`. A mistaken one still counts as written, so that `new()` exists.
pub(crate) enum BaseUrl {
    Valid(LitStr),
    Mistaken,
}

/// The key `prefix`: what every path starts with, without a slash at its end; empty if it was mistaken.
pub(crate) struct Prefix {
    pub(crate) literal: LitStr,
    /// The names in its braces: arguments of every constructor.
    pub(crate) params: Vec<Ident>,
}

/// One request that can be sent: what, and with what.
#[derive(Clone)]
pub(crate) struct Operation {
    /// `GitHub::issues`
    pub(crate) name: String,
    pub(crate) method: Method,
    /// `None` if it was mistaken or left out; its names are not known then.
    pub(crate) template: Option<Template>,
    /// The verb without a path; only a whole URL can stand for one.
    pub(crate) pathless: Option<Pathless>,
    pub(crate) params: Vec<Param>,
    /// Whether every parameter has a name; if not, the path may lack one for that reason alone.
    pub(crate) complete: bool,
    pub(crate) idempotent: Option<Span>,
    pub(crate) idempotency_key: Option<IdempotencyKey>,
    pub(crate) settings: Settings,
    /// What stands beside the verb.
    pub(crate) stream: Option<Stream>,
}

/// The HTTP method.
#[derive(Clone)]
pub(crate) enum Method {
    /// A verb with a constructor of its own: `get`.
    Verb(String),
    /// The token of `#[http("QUERY", ..)]`.
    Other(LitStr),
    /// `#[http(..)]` without a valid token.
    Mistaken,
}

/// A path template, and the names in its braces in the order of their first occurrence.
#[derive(Clone)]
pub(crate) struct Template {
    pub(crate) literal: LitStr,
    pub(crate) names: Vec<String>,
    /// Those of `names` that stand as `{name?}`.
    pub(crate) optional: Vec<String>,
}

/// What a verb above a struct says of the answer, which the signature of a method says for itself.
#[derive(Default)]
pub(crate) struct Promise {
    /// Where pynector is found.
    pub(crate) krate: Option<Path>,
    pub(crate) response: Option<Type>,
    pub(crate) error: Option<Type>,
}

/// A verb without a path: where it stands, and how it is written with one.
#[derive(Clone)]
pub(crate) struct Pathless {
    pub(crate) at: Span,
    pub(crate) example: String,
}

/// One parameter and its place in the request.
#[derive(Clone)]
pub(crate) struct Param {
    pub(crate) ident: Ident,
    /// The field of a struct that it is, where it is one.
    pub(crate) field: Option<Member>,
    pub(crate) place: Place,
    /// The attribute that gives the place, else the parameter's name.
    pub(crate) at: Span,
    /// The word in the parameter's type that errors about the type point at.
    pub(crate) ty: Span,
}

/// Where a parameter goes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Place {
    /// No annotation: its name must be in the template.
    Implicit(String),
    Path {
        name: String,
        encoded: bool,
    },
    Query(Query),
    /// The name is lower-case.
    Header {
        name: String,
        display: bool,
    },
    /// A map of headers.
    Headers,
    Cookie(String),
    Bearer,
    Basic,
    Json,
    /// A field of a JSON object.
    JsonField(String),
    /// A field of an URL-encoded form, or several of them under their own keys.
    Form(String),
    Body,
    Multipart,
    /// A part of a multipart form.
    Part(String),
    /// The whole URL.
    Url,
    CallOptions,
    /// An argument struct.
    Params,
    /// Its annotation was mistaken and is reported already.
    Mistaken,
}

/// `#[query("name", style = csv, encoded)]`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Query {
    pub(crate) name: String,
    /// The variant of the runtime's `QueryStyle`.
    pub(crate) style: Option<&'static str>,
    pub(crate) encoded: bool,
}

impl Place {
    /// The attribute of a place in the body.
    pub(crate) fn body(&self) -> Option<&'static str> {
        match self {
            Self::Json => Some("json"),
            Self::JsonField(_) => Some("json_field"),
            Self::Form(_) => Some("form"),
            Self::Body => Some("body"),
            Self::Multipart => Some("multipart"),
            Self::Part(_) => Some("part"),
            _ => None,
        }
    }

    /// The name that a parameter gives to its place, unless the annotation gives one.
    pub(crate) fn own_name(&self) -> Option<&str> {
        match self {
            Self::Implicit(name)
            | Self::Path { name, .. }
            | Self::Query(Query { name, .. })
            | Self::Cookie(name)
            | Self::JsonField(name)
            | Self::Form(name)
            | Self::Part(name) => Some(name),
            Self::Header { .. }
            | Self::Headers
            | Self::Bearer
            | Self::Basic
            | Self::Json
            | Self::Body
            | Self::Multipart
            | Self::Url
            | Self::CallOptions
            | Self::Params
            | Self::Mistaken => None,
        }
    }
}

impl Operation {
    /// Whether a parameter is the whole URL.
    pub(crate) fn has_url(&self) -> bool {
        self.params.iter().any(|param| param.place == Place::Url)
    }
}

impl Method {
    /// The method's token, where it is known.
    pub(crate) fn token(&self) -> Option<String> {
        match self {
            Self::Verb(verb) => Some(verb.to_uppercase()),
            Self::Other(token) => Some(token.value()),
            Self::Mistaken => None,
        }
    }
}

impl Prefix {
    /// The whole template of an operation: this, and the operation's own path.
    pub(crate) fn join(&self, path: &LitStr) -> LitStr {
        let (prefix, own) = (self.literal.value(), path.value());
        let slash = if prefix.is_empty() || own.is_empty() || own.starts_with(['/', '?']) { "" } else { "/" };
        LitStr::new(&format!("{prefix}{slash}{own}"), path.span())
    }
}
