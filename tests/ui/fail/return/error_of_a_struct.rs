// errors: 2, at: NotAnError, Option<Answer>

use pynector::Endpoint;

struct NotAnError;
struct Answer;

#[derive(Endpoint)]
#[get("/", response = Option<String>, error = NotAnError, none_on(404))]
struct Text;

#[derive(Endpoint)]
#[get("/", response = Option<Answer>, none_on(404))]
struct Find;

fn main() {}
