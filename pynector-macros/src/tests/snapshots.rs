//! The expansions of `tests/expansion/inputs`, held against their snapshots and the rule of generated code.

use std::path::{Path, PathBuf};
use std::{env, fs};

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Expr, ExprMethodCall, ImplItem, ImplItemFn, Item, ItemImpl, ItemStruct, Meta, Stmt, Token,
};

use crate::names;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/expansion").join(name)
}

/// Name, text and path of every file in a folder.
fn files(name: &str) -> Vec<(String, String, PathBuf)> {
    let mut files: Vec<_> = fs::read_dir(folder(name))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            (
                path.file_stem().unwrap().to_string_lossy().into_owned(),
                fs::read_to_string(&path).unwrap(),
                path,
            )
        })
        .collect();
    files.sort();
    files
}

/// Expands every trait and every derive of ours in a file, and leaves the rest as it is.
fn expand(input: &str) -> String {
    let file = syn::parse_file(input).unwrap();
    let items = file.items.into_iter().map(|item| match item {
        Item::Struct(item) => derive(item),
        Item::Trait(mut item) => {
            let attr = item.attrs.extract_if(.., |attr| is_api(attr)).next().unwrap();
            let attr = match attr.meta {
                Meta::List(list) => list.tokens,
                _ => TokenStream::new(),
            };
            crate::expand::api(attr, quote!(#item))
        }
        Item::Enum(item) if derives(&item.attrs, "ApiError") => {
            let output = crate::expand::api_error(quote!(#item));
            let item = derived(item);
            quote!(#item #output)
        }
        item => quote!(#item),
    });
    prettyplease::unparse(&syn::parse2(items.collect()).unwrap())
}

/// The struct as rustc keeps it, without what only our derives understand, and what they write.
fn derive(mut item: ItemStruct) -> TokenStream {
    let input = quote!(#item);
    let mut output = TokenStream::new();
    for attr in item.attrs.iter_mut().filter(|attr| attr.path().is_ident("derive")) {
        let paths =
            attr.parse_args_with(Punctuated::<syn::Path, Token![,]>::parse_terminated).unwrap().into_iter();
        let (ours, others): (Vec<_>, Vec<_>) =
            paths.partition(|path| path.is_ident("Endpoint") || path.is_ident("Params"));
        *attr = syn::parse_quote!(#[derive(#(#others),*)]);
        output.extend(ours.into_iter().map(|path| {
            let expand =
                if path.is_ident("Endpoint") { crate::expand::endpoint } else { crate::expand::params };
            expand(input.clone())
        }));
    }
    let is_theirs = |attr: &Attribute| !attr.path().get_ident().is_some_and(is_helper);
    item.attrs.retain(is_theirs);
    item.fields.iter_mut().for_each(|field| field.attrs.retain(is_theirs));
    quote!(#item #output)
}

fn is_helper(name: &syn::Ident) -> bool {
    crate::lower::is_helper(&name.to_string())
}

/// Whether a derive of this name stands among the attributes.
fn derives(attrs: &[Attribute], name: &str) -> bool {
    let derive = |attr: &&Attribute| attr.path().is_ident("derive");
    attrs.iter().filter(derive).any(|attr| quote!(#attr).to_string().contains(name))
}

/// The enum as it is once nothing reads our attributes any more.
fn derived(mut item: syn::ItemEnum) -> syn::ItemEnum {
    let strip = |attrs: &mut Vec<Attribute>| {
        let ours = ["status", "other", "header", "body", "source", "api_error"];
        attrs.retain(|attr| !ours.iter().any(|name| attr.path().is_ident(name)));
    };
    strip(&mut item.attrs);
    for attr in item.attrs.iter_mut().filter(|attr| attr.path().is_ident("derive")) {
        *attr = syn::parse_quote!(#[derive(Debug)]);
    }
    for variant in &mut item.variants {
        strip(&mut variant.attrs);
        variant.fields.iter_mut().for_each(|field| strip(&mut field.attrs));
    }
    item
}

fn is_api(attr: &Attribute) -> bool {
    attr.path().segments.last().is_some_and(|last| last.ident == "api")
}

#[test]
fn expansions_are_as_their_snapshots() {
    let inputs = files("inputs");
    assert!(inputs.len() >= 8, "only {} inputs", inputs.len());
    for (name, input, _) in inputs {
        let (fresh, path) = (expand(&input), folder("snapshots").join(format!("{name}.rs")));
        if env::var_os("PYNECTOR_BLESS").is_some() {
            fs::write(&path, &fresh).unwrap();
        }
        let snapshot = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(fresh, snapshot, "{name}: run with PYNECTOR_BLESS=1 if the change is meant");
    }
}

#[test]
fn every_snapshot_has_its_input() {
    let names = |folder| files(folder).into_iter().map(|(name, ..)| name).collect::<Vec<_>>();
    assert_eq!(names("snapshots"), names("inputs"));
}

#[test]
fn generated_methods_are_one_operation_and_one_chain() {
    for (name, snapshot, _) in files("snapshots") {
        let file = syn::parse_file(&snapshot).unwrap();
        let problems = Rule::default().read(&file);
        assert_eq!(problems, Vec::<String>::new(), "{name}");
    }
}

#[test]
fn a_trait_may_not_name_a_method_as_its_client_does() {
    for (name, snapshot, _) in files("snapshots") {
        for item in syn::parse_file(&snapshot).unwrap().items {
            let Item::Impl(item) = item else { continue };
            let constant =
                |item: &ImplItem| matches!(item, ImplItem::Const(item) if item.ident == "OPERATIONS");
            if item.trait_.is_some() || !item.items.iter().any(constant) {
                continue;
            }
            for method in item.items.iter().filter_map(|item| match item {
                ImplItem::Fn(method) if method.sig.receiver().is_some() => Some(method.sig.ident.to_string()),
                _ => None,
            }) {
                // `with_` and a parameter of the prefix is known by that parameter.
                let known = names::HIDDEN.contains(&method.as_str()) || method.starts_with("with_");
                assert!(known, "{name}: {method}");
            }
        }
    }
}

#[test]
fn the_rule_finds_what_breaks_it() {
    let head = "impl ApiClient { const OPERATIONS: &'static [O] = { static OPERATIONS: [O; 1] = [O]; &OPERATIONS }; } \
                #[automatically_derived] impl Api for ApiClient {";
    let call = "self.__call(0)";
    for (body, expected) in [
        ("fn a(&self) -> F { CALL.outcome() }", ""),
        ("fn a(&self, x: u8) -> F { CALL.path(\"x\", x).outcome() }", ""),
        ("fn a(&self) -> F { CALL.query(\"x\", &1).outcome() }", "links"),
        ("fn a(&self) -> F { let x = 1; CALL.outcome() }", "one expression"),
        (
            "fn a(&self) -> F { self.0.call_nth_behind(OTHER, 0, &[]).outcome() }",
            "a: not operation 0 of the list",
        ),
        ("fn a(&self) -> F { self.__call(1).outcome() }", "a: not operation 0 of the list"),
        (
            "fn a(&self) -> F { self.0.call_nth_behind(Self::OPERATIONS, 0, &[#[cfg(x)] ()]).outcome() }",
            "operation 0",
        ),
        ("fn a(&self) -> F { self.0.call(&O).outcome() }", "a: not operation 0 of the list"),
        ("fn a(&self) -> F { CALL.outcome()? }", "no chain"),
        ("fn a(&self) -> F { if true { CALL.outcome() } }", "no chain"),
        ("fn a(&self) -> F { self.0.__call(0).outcome() }", "starts"),
        ("fn a(&self) -> F { self.1.call_nth_behind(Self::OPERATIONS, 0, &[]).outcome() }", "starts"),
        ("fn a(&self, x: u8) -> F { CALL.query(\"x\", || 1).outcome() }", "argument"),
        ("fn a(&self, x: u8) -> F { CALL.query(\"x\", &{ x }).outcome() }", "argument"),
        ("", "1 operations for 0 methods"),
    ] {
        let body = body.replace("CALL", call);
        let file = syn::parse_file(&format!("{head} {body} }}")).unwrap();
        let problems = Rule::default().read(&file).join("; ");
        assert!(
            problems.contains(expected) && problems.is_empty() == expected.is_empty(),
            "{body}: {problems}"
        );
    }
}

#[test]
fn the_rule_finds_what_breaks_it_in_a_struct() {
    for (body, expected) in [
        ("call", ""),
        ("call.path(\"x\", &self.x).json(&self.0)", ""),
        ("call.path(\"x\", self.x)", "more than a field"),
        ("call.path(\"x\", &self.x.clone())", "more than a field"),
        ("call.query(\"x\", &self.x.y)", "more than a field"),
        ("let call = call.json(&self.x); call", "one expression"),
        ("self.start().json(&self.x)", "starts elsewhere"),
    ] {
        let text = format!(
            "impl ::p::Endpoint for X {{ fn bind(&self, call: ::p::Call) -> ::p::Call {{ {body} }} }}"
        );
        let problems = Rule::default().read(&syn::parse_file(&text).unwrap()).join("; ");
        assert!(
            problems.contains(expected) && problems.is_empty() == expected.is_empty(),
            "{body}: {problems}"
        );
    }
}

/// One expression per operation, which starts at its place in the list, and one link per parameter plus two.
#[derive(Default)]
struct Rule {
    clients: Vec<String>,
    operations: usize,
    methods: usize,
    problems: Vec<String>,
}

impl Rule {
    fn read(mut self, file: &syn::File) -> Vec<String> {
        let impls = || {
            file.items.iter().filter_map(|item| match item {
                Item::Impl(item) => Some(item),
                _ => None,
            })
        };
        impls().filter(|item| item.trait_.is_none()).for_each(|item| self.inherent(item));
        let binders = impls().flat_map(|item| &item.items).filter_map(|item| match item {
            ImplItem::Fn(method) if method.sig.ident == "bind" => Some(method),
            _ => None,
        });
        binders.for_each(|method| self.binder(method));
        // The impl of `Client` has no `call`, and a twin passes on what others do.
        let clients = std::mem::take(&mut self.clients);
        let of_client = |item: &&ItemImpl| clients.contains(&text(&item.self_ty));
        for item in impls().filter(of_client) {
            let operations = item.items.iter().filter_map(|item| match item {
                ImplItem::Fn(method) if gives_a_future(method) => Some(method),
                _ => None,
            });
            operations.enumerate().for_each(|(at, method)| self.method(at, method));
        }
        if self.operations != self.methods {
            self.problems.push(format!("{} operations for {} methods", self.operations, self.methods));
        }
        self.problems
    }

    fn inherent(&mut self, item: &ItemImpl) {
        for item in &item.items {
            if let ImplItem::Fn(helper) = item
                && helper.sig.ident == "__call"
                && text(&helper.block) != "{ self . 0 . call_nth (Self :: OPERATIONS , place) }"
            {
                self.problems.push(format!("__call: {}", text(&helper.block)));
            }
            let ImplItem::Const(constant) = item else { continue };
            if let Expr::Block(list) = &constant.expr
                && let [Stmt::Item(Item::Static(list)), _] = &*list.block.stmts
                && let Expr::Array(list) = &*list.expr
            {
                self.operations += list.elems.len();
            } else {
                self.problems.push(format!("{}: a second copy of an operation", constant.ident));
            }
        }
        if item.items.iter().any(|item| matches!(item, ImplItem::Const(_))) {
            self.clients.push(text(&item.self_ty));
        }
    }

    /// The one chain of a struct: it starts at the call, and each link reads one field.
    fn binder(&mut self, method: &ImplItemFn) {
        let [Stmt::Expr(body, None)] = &*method.block.stmts else {
            return self.problems.push("bind: the body is not one expression".to_owned());
        };
        let (mut arguments, mut rest) = (Vec::new(), body);
        while let Expr::MethodCall(call) = rest {
            arguments.extend(&call.args);
            rest = &call.receiver;
        }
        if quote!(#rest).to_string() != "call" {
            self.problems.push("bind: the chain starts elsewhere than at `call`".to_owned());
        }
        for argument in arguments.into_iter().filter(|argument| !is_field(argument)) {
            self.problems.push(format!("bind: the argument `{}` is more than a field", quote!(#argument)));
        }
    }

    fn method(&mut self, at: usize, method: &ImplItemFn) {
        self.methods += 1;
        let name = &method.sig.ident;
        let [Stmt::Expr(body, None)] = &*method.block.stmts else {
            return self.problems.push(format!("{name}: the body is not one expression"));
        };
        let (mut links, mut rest) = (Vec::new(), body);
        while let Expr::MethodCall(call) = rest {
            links.push(call);
            rest = &call.receiver;
        }
        let Some(call) = links.pop() else {
            return self.problems.push(format!("{name}: the body is no chain"));
        };
        let start = if call.method == "__call" { "self" } else { "self . 0" };
        if text(rest) != start {
            self.problems.push(format!("{name}: the chain starts elsewhere than at `{start}`"));
        }
        if place(call) != Some(at) {
            self.problems.push(format!("{name}: not operation {at} of the list"));
        }
        // `call` and `outcome` come on top of the parameters, `self` does not count.
        let parameters = method.sig.inputs.len() - 1;
        if links.len() + 1 > parameters + 2
            || links.first().is_none_or(|last| !last.method.to_string().starts_with("outcome"))
        {
            self.problems.push(format!("{name}: {} links for {parameters} parameters", links.len() + 1));
        }
        for argument in links.iter().flat_map(|link| &link.args).filter(|argument| !is_plain(argument)) {
            self.problems.push(format!("{name}: the argument `{}` is more than a name", quote!(#argument)));
        }
    }
}

fn text(part: &impl ToTokens) -> String {
    quote!(#part).to_string()
}

/// The place in the list that `__call(2)` means, or `call_nth_behind(Self::OPERATIONS, 2, &[..])` where all conditions hold.
fn place(call: &ExprMethodCall) -> Option<usize> {
    let arguments: Vec<&Expr> = call.args.iter().collect();
    let (sure, more) = match (call.method.to_string().as_str(), &*arguments) {
        ("__call", [sure]) => (sure, 0),
        ("call_nth_behind", [list, sure, Expr::Reference(more)]) if text(list) == "Self :: OPERATIONS" => {
            let Expr::Array(more) = &*more.expr else { return None };
            (sure, more.elems.len())
        }
        _ => return None,
    };
    Some(text(sure).parse::<usize>().ok()? + more)
}

/// `&self.field`, or text.
fn is_field(argument: &Expr) -> bool {
    match argument {
        Expr::Reference(reference) => {
            matches!(&*reference.expr, Expr::Field(field) if matches!(*field.base, Expr::Path(_)))
        }
        Expr::Lit(_) => true,
        _ => false,
    }
}

/// A name, a reference to one, or text.
fn is_plain(argument: &Expr) -> bool {
    match argument {
        Expr::Reference(reference) => matches!(&*reference.expr, Expr::Path(_)),
        Expr::Path(_) | Expr::Lit(_) => true,
        _ => false,
    }
}

/// Tells operations from the other methods of a client.
fn gives_a_future(method: &ImplItemFn) -> bool {
    let output = text(&method.sig.output);
    output.contains("Future <") || output == "-> F"
}
