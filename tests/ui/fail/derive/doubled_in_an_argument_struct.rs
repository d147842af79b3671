// errors: 3, at: query, header, basic

use pynector::Params;

#[derive(Params)]
struct Shared<'a> {
    #[query]
    page: u32,
    #[query("page")]
    number: u32,
    #[header("x-trace")]
    trace: &'a str,
    #[header("X-Trace")]
    again: &'a str,
    #[bearer]
    token: &'a str,
    #[basic]
    login: (&'a str, Option<&'a str>),
}

fn main() {
    let login = ("u", None);
    drop(Shared { page: 1, number: 2, trace: "", again: "", token: "", login });
}
