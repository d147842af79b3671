// errors: 1, at: &

#[pynector::api(mock)]
trait Api {
    fn label(&self) -> &str {
        "api"
    }
}

fn main() {}
